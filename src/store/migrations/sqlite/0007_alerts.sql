-- Trouble that people are told of, each subject of an occasion once: when it came up, when it last became another, how
-- often it was met, and when it ended. What ended is kept until its end was told.
CREATE TABLE alerts (
    recipe   TEXT   NOT NULL,
    occasion TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    what     TEXT   NOT NULL,
    since    BIGINT NOT NULL,
    changed  BIGINT NOT NULL,
    times    BIGINT NOT NULL,
    ended    BIGINT,
    PRIMARY KEY (recipe, occasion, subject)
);

-- When the trouble of a recipe was last told, and until when somebody is at telling it.
CREATE TABLE tellings (
    recipe  TEXT   NOT NULL PRIMARY KEY,
    told    BIGINT,
    claimed BIGINT NOT NULL
);
