-- Which idempotency key stands for which signup, for all ingest services. No key is in here: a digest is keyed by the day's salt together
-- with a secret that this database does not have.
CREATE TABLE reservation_day (
    -- Since 1970-01-01.
    day BIGINT NOT NULL PRIMARY KEY,
    salt BYTEA NOT NULL,
    -- The digest of nothing, by which a service with another secret is told.
    proof UUID NOT NULL,
    newest BOOLEAN NOT NULL
);

CREATE UNIQUE INDEX reservation_newest ON reservation_day (newest) WHERE newest;

CREATE TABLE reservation (
    day BIGINT NOT NULL,
    -- 16 bytes.
    digest UUID NOT NULL,
    signup_id UUID NOT NULL,
    received_at BIGINT NOT NULL,
    erase_by BIGINT NOT NULL,
    -- SHA-256 of what the request says in kept topics.
    request BYTEA NOT NULL,
    given_at BIGINT NOT NULL,
    accepted BOOLEAN NOT NULL,
    -- The number of its hold, if noted.
    hold BIGINT,
    -- Who works on it. The token grows with each: an earlier one holds no key any more.
    token INTEGER NOT NULL,
    owner UUID NOT NULL,
    leased_until TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (day, digest)
) WITH (fillfactor = 80);

CREATE INDEX reservation_signup ON reservation (signup_id);
