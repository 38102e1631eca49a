-- Times are milliseconds since 1970-01-01T00:00:00Z. No key and nothing of a person is in here.

-- The numbers that events have as slot and generation: 31 bits and 24, from generation 1 on.
CREATE SEQUENCE hold_number AS BIGINT START 2147483648 MINVALUE 2147483648 MAXVALUE 36028797018963967 NO CYCLE;

-- One row for each key, from its hold to its purge.
CREATE TABLE custody (
    hold BIGINT NOT NULL PRIMARY KEY,
    signup_id UUID NOT NULL,
    handle UUID NOT NULL UNIQUE,
    roster INTEGER NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    broker INTEGER NOT NULL,
    attempt SMALLINT NOT NULL,
    expiry BIGINT NOT NULL,
    parked BOOLEAN,
    log_partition INTEGER,
    log_offset BIGINT,
    erased_at BIGINT,
    recorded BOOLEAN NOT NULL,
    restricted BOOLEAN NOT NULL,
    zeroed SMALLINT NOT NULL,
    -- Grows with every change: a decision counts only if the row is as it was read.
    version BIGINT NOT NULL
) WITH (fillfactor = 60);

CREATE INDEX custody_signup ON custody (signup_id);

-- Who works on a partition. The token grows with every owner, so that an earlier one is told apart.
CREATE TABLE partition_lease (
    log_partition INTEGER NOT NULL PRIMARY KEY,
    token BIGINT NOT NULL,
    owner UUID NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL
);
