-- The tables of the directory. Users, groups, teams and mails are never deleted, and no id is ever given twice.

CREATE TABLE teams (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE groups (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Standard fields are columns of the same name, custom fields one JSON object.
CREATE TABLE users (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    status          TEXT NOT NULL CHECK (status IN ('active', 'invited', 'inactive')),
    created_at      TEXT NOT NULL,
    external_id     TEXT,
    mail            TEXT NOT NULL,
    user_name       TEXT,
    first_name      TEXT,
    last_name       TEXT,
    display_name    TEXT,
    job_title       TEXT,
    department      TEXT,
    organization    TEXT,
    location        TEXT,
    phone           TEXT,
    lang            TEXT,
    time_zone       TEXT,
    employee_number TEXT,
    hire_date       TEXT,
    leave_date      TEXT,
    birth_date      TEXT,
    gender          TEXT,
    primary_team    INTEGER REFERENCES teams (id),
    manager         INTEGER REFERENCES users (id) CHECK (manager <> id),
    custom          TEXT NOT NULL DEFAULT '{}',
    -- Fields by which users are found, in lower case of every script, which SQLite's own functions do not give.
    mail_key            TEXT NOT NULL UNIQUE,
    user_name_key       TEXT UNIQUE,
    external_id_key     TEXT,
    employee_number_key TEXT
) STRICT;

CREATE INDEX users_by_external_id ON users (external_id_key);
CREATE INDEX users_by_employee_number ON users (employee_number_key);

CREATE TABLE additional_managers (
    user_id    INTEGER NOT NULL REFERENCES users (id),
    position   INTEGER NOT NULL,
    manager_id INTEGER NOT NULL REFERENCES users (id) CHECK (manager_id <> user_id),
    PRIMARY KEY (user_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE memberships (
    user_id  INTEGER NOT NULL REFERENCES users (id),
    group_id INTEGER NOT NULL REFERENCES groups (id),
    role     TEXT NOT NULL,
    PRIMARY KEY (user_id, group_id, role)
) STRICT, WITHOUT ROWID;

-- One row for each mail that went to a user.
CREATE TABLE mails (
    id      INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    kind    TEXT NOT NULL CHECK (kind IN ('invitation', 'welcome')),
    sent_at TEXT NOT NULL
) STRICT;

CREATE INDEX mails_by_user ON mails (user_id);
