-- Runs that have ended and whose report has not become a mail yet.
CREATE TABLE reports_due (
    run_id TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    recipe TEXT   COLLATE "C" NOT NULL,
    since  BIGINT NOT NULL
);

-- Mails: `id` is the `Message-ID`, `kind` report or notice, `made` when. `content` is the whole mail as it travels, and is
-- NULL once nobody waits for it any more.
CREATE TABLE mails (
    id      TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    recipe  TEXT   COLLATE "C" NOT NULL,
    kind    TEXT   NOT NULL,
    made    BIGINT NOT NULL,
    sender  TEXT   NOT NULL,
    content TEXT
);

-- Who gets a mail, each as somebody of their own. `next` is when it is tried again: NULL once it was sent or given up.
-- `tries` counts all that failed, `refused` those at which this recipient or this mail was not accepted for good.
CREATE TABLE mail_recipients (
    mail     TEXT   COLLATE "C" NOT NULL REFERENCES mails (id),
    position BIGINT NOT NULL,
    address  TEXT   NOT NULL,
    tries    BIGINT NOT NULL,
    refused  BIGINT NOT NULL,
    next     BIGINT,
    sent     BIGINT,
    given_up BIGINT,
    trouble  TEXT,
    PRIMARY KEY (mail, position)
);
CREATE INDEX mail_recipients_by_time ON mail_recipients (next);
CREATE INDEX mails_by_recipe ON mails (recipe, made);
