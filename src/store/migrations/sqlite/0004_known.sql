-- What is known of a user where the target's listings leave it out: fields and memberships, as JSON.
CREATE TABLE known (
    recipe  TEXT NOT NULL,
    user_id TEXT NOT NULL,
    known   TEXT NOT NULL,
    PRIMARY KEY (recipe, user_id)
);
