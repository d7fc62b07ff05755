-- The reasons that a run's outcomes give, each once; `outcomes.details` refers to them by number.
CREATE TABLE reasons (
    run_id TEXT   NOT NULL REFERENCES runs (id),
    number BIGINT NOT NULL,
    text   TEXT   NOT NULL,
    file   TEXT,
    line   BIGINT,
    PRIMARY KEY (run_id, number)
);
