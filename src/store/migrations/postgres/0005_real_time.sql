-- What `rollbook serve` keeps: deliveries, who is to be looked at, what became of them, and what has been done on time.

-- Every webhook call that was acknowledged, in order of its arrival: ids begin with the moment.
CREATE TABLE deliveries (
    id       TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    recipe   TEXT   COLLATE "C" NOT NULL,
    received BIGINT NOT NULL,
    kind     TEXT   COLLATE "C" NOT NULL,
    employee TEXT   COLLATE "C",
    body     TEXT   NOT NULL
);

-- People to be looked at again: one row each, however many deliveries said so. `claimed` is the replica at work on it.
CREATE TABLE due (
    recipe   TEXT   COLLATE "C" NOT NULL,
    employee TEXT   COLLATE "C" NOT NULL,
    due      BIGINT NOT NULL,
    marked   BIGINT NOT NULL,
    marks    BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    parked   BIGINT NOT NULL,
    claimed  TEXT   COLLATE "C",
    trouble  TEXT,
    PRIMARY KEY (recipe, employee)
);
CREATE INDEX due_by_time ON due (recipe, parked, due);

-- The next midnight at which something may be decided otherwise about a person without a change.
CREATE TABLE days (
    recipe   TEXT   COLLATE "C" NOT NULL,
    employee TEXT   COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (recipe, employee)
);
CREATE INDEX days_by_time ON days (recipe, at);

-- What became of people in real time.
CREATE TABLE handled (
    recipe   TEXT   COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL,
    employee TEXT   COLLATE "C" NOT NULL,
    kind     TEXT   COLLATE "C" NOT NULL,
    outcome  TEXT   NOT NULL,
    PRIMARY KEY (recipe, at, employee)
);

-- The changes that limits count over the last hour. `kind` is the limit, and the field where each has its own.
CREATE TABLE recent_changes (
    recipe   TEXT   COLLATE "C" NOT NULL,
    kind     TEXT   COLLATE "C" NOT NULL,
    employee TEXT   COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (recipe, kind, employee)
);

-- Kinds of change that real time makes no more until somebody has looked.
CREATE TABLE pauses (
    recipe TEXT   COLLATE "C" NOT NULL,
    kind   TEXT   COLLATE "C" NOT NULL,
    since  BIGINT NOT NULL,
    PRIMARY KEY (recipe, kind)
);

-- Up to when scheduled runs have been done, or made up.
CREATE TABLE slots (
    recipe TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    done   BIGINT NOT NULL
);

-- Who began a run, `hand` or `schedule`, and how far it is while it runs.
ALTER TABLE runs ADD COLUMN started_by TEXT NOT NULL DEFAULT 'hand';
ALTER TABLE runs ADD COLUMN progress TEXT;

-- Whose a user is, asked for in real time.
CREATE INDEX links_by_user ON links (recipe, user_id);
