-- How far the decisions have come, so that a database that was restored from a copy is told from the one before: one row.
CREATE TABLE custody_progress (
    only_row BOOLEAN NOT NULL PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    -- Of this database and its copies.
    database_id UUID NOT NULL DEFAULT gen_random_uuid(),
    -- Grows with every look of every process.
    serial BIGINT NOT NULL DEFAULT 0,
    -- How far the log was at some moment before.
    log_mark BYTEA
);

INSERT INTO custody_progress DEFAULT VALUES;
