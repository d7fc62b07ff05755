-- What Rollbook remembers between runs. Taken by SQLite and PostgreSQL alike: TEXT and BIGINT only, yes/no as 0 and 1,
-- moments as milliseconds since 1970, structured values as JSON text that only this program reads.

-- One row per run of a recipe. `status`: running, finished, refused, failed, interrupted.
CREATE TABLE runs (
    id        TEXT   NOT NULL PRIMARY KEY,
    recipe    TEXT   NOT NULL,
    today     TEXT   NOT NULL,
    source    TEXT   NOT NULL,
    target    TEXT   NOT NULL,
    status    TEXT   NOT NULL,
    started   BIGINT NOT NULL,
    finished  BIGINT,
    employees BIGINT NOT NULL,
    totals    TEXT   NOT NULL,
    summary   TEXT,
    message   TEXT
);
CREATE INDEX runs_by_recipe ON runs (recipe, started);

-- What became of each person in a run. `details` is NULL for everybody about whom there is nothing more to say.
CREATE TABLE outcomes (
    run_id      TEXT   NOT NULL REFERENCES runs (id),
    position    BIGINT NOT NULL,
    employee    TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    email       TEXT,
    kind        TEXT   NOT NULL,
    user_id     TEXT,
    in_roster   BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    reason_file TEXT,
    reason_line BIGINT,
    details     TEXT,
    PRIMARY KEY (run_id, position)
);

-- The remembered pairs of employee and user.
CREATE TABLE links (
    recipe   TEXT NOT NULL,
    employee TEXT NOT NULL,
    user_id  TEXT NOT NULL,
    PRIMARY KEY (recipe, employee)
);

-- User creations that were announced and are not yet known to be done.
CREATE TABLE intents (
    recipe   TEXT NOT NULL,
    employee TEXT NOT NULL,
    login    TEXT,
    PRIMARY KEY (recipe, employee)
);

-- Memberships and references that are ours, and may therefore be removed again.
-- `what` is `membership` (name: group, value: role) or `reference` (name: field, value: the other user).
CREATE TABLE owned (
    recipe  TEXT NOT NULL,
    user_id TEXT NOT NULL,
    what    TEXT NOT NULL,
    name    TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (recipe, user_id, what, name, value)
);

-- Groups and teams that we made.
CREATE TABLE owned_groups (
    recipe   TEXT NOT NULL,
    group_id TEXT NOT NULL,
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    PRIMARY KEY (recipe, kind, group_id)
);

-- The values last written to each user: a JSON object from target field to value, null where it was cleared.
CREATE TABLE written (
    recipe  TEXT NOT NULL,
    user_id TEXT NOT NULL,
    fields  TEXT NOT NULL,
    PRIMARY KEY (recipe, user_id)
);

-- Who works on a recipe, for the text of a refusal. Whether anybody does is decided by a file lock.
CREATE TABLE leases (
    recipe TEXT   NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    since  BIGINT NOT NULL
);
