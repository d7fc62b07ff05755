-- What Rollbook remembers between runs, as SQLite has it after its migration of the same number: TEXT and BIGINT only,
-- yes/no as 0 and 1, moments as milliseconds since 1970, structured values as JSON text that only this program reads.
-- `COLLATE "C"`: order and equality of keys are those of their bytes, whatever the database was made with.

-- One row per run of a recipe. `status`: running, finished, refused, failed, interrupted.
CREATE TABLE runs (
    id        TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    recipe    TEXT   COLLATE "C" NOT NULL,
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
    run_id      TEXT   COLLATE "C" NOT NULL REFERENCES runs (id),
    position    BIGINT NOT NULL,
    employee    TEXT   COLLATE "C" NOT NULL,
    name        TEXT   NOT NULL,
    email       TEXT,
    kind        TEXT   NOT NULL,
    user_id     TEXT   COLLATE "C",
    in_roster   BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    reason_file TEXT,
    reason_line BIGINT,
    details     TEXT,
    PRIMARY KEY (run_id, position)
);

-- The reasons that a run's outcomes give, each once; `outcomes.details` refers to them by number.
CREATE TABLE reasons (
    run_id TEXT   COLLATE "C" NOT NULL REFERENCES runs (id),
    number BIGINT NOT NULL,
    text   TEXT   NOT NULL,
    file   TEXT,
    line   BIGINT,
    PRIMARY KEY (run_id, number)
);

-- The remembered pairs of employee and user.
CREATE TABLE links (
    recipe   TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    user_id  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (recipe, employee)
);

-- User creations that were announced and are not yet known to be done.
CREATE TABLE intents (
    recipe   TEXT COLLATE "C" NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    login    TEXT,
    PRIMARY KEY (recipe, employee)
);

-- Memberships and references that are ours, and may therefore be removed again, one row for each user and kind.
-- `what` is `membership` (name: group, value: role) or `reference` (name: field, value: the other user); `items` is a
-- sorted JSON list of pairs of name and value.
CREATE TABLE ours (
    recipe  TEXT COLLATE "C" NOT NULL,
    what    TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    items   TEXT NOT NULL,
    PRIMARY KEY (recipe, what, user_id)
);

-- Groups and teams that we made.
CREATE TABLE owned_groups (
    recipe   TEXT COLLATE "C" NOT NULL,
    group_id TEXT COLLATE "C" NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (recipe, kind, group_id)
);

-- The values last written to each user: a JSON object from target field to value, null where it was cleared.
CREATE TABLE written (
    recipe  TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    fields  TEXT NOT NULL,
    PRIMARY KEY (recipe, user_id)
);

-- What is known of a user where the target's listings leave it out: fields and memberships, as JSON.
CREATE TABLE known (
    recipe  TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    known   TEXT NOT NULL,
    PRIMARY KEY (recipe, user_id)
);

-- Who works on a recipe, for the text of a refusal. Whether anybody does is decided by an advisory lock.
CREATE TABLE leases (
    recipe TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    since  BIGINT NOT NULL
);
