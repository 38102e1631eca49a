-- Times are milliseconds since 1970-01-01T00:00:00Z; signup ids are the 16 bytes of the UUID, digests the 32 of a SHA-256.

-- One row per signup. Every event fills columns of its own and none reads another's, so that rows come out the same in
-- whatever order the topics are projected; what the columns amount to is computed when a question is asked.
CREATE TABLE signup (
    signup_id ${bytes} NOT NULL PRIMARY KEY,
    -- ConsentGranted
    received_at BIGINT,
    erase_by BIGINT,
    record_version INTEGER,
    policy_version ${text},
    notice_digest ${bytes},
    form_digest ${bytes},
    language ${text},
    purposes ${text},
    data_categories ${text},
    recipients ${text},
    jurisdiction ${text},
    withdrawal_method ${text},
    given_at BIGINT,
    method ${text},
    -- ConsentWithdrawn
    withdrawn_at BIGINT,
    withdrawn_by ${text},
    withdrawal_outcome ${text},
    -- Assigned, the one with the highest hop
    assigned_hop INTEGER,
    assigned_broker ${text},
    assigned_at BIGINT,
    -- Delivered
    delivered_at BIGINT,
    delivered_broker ${text},
    -- Undeliverable
    undeliverable_at BIGINT,
    undeliverable_reason ${text},
    -- Purged
    purged_at BIGINT,
    purge_level ${text},
    purge_reason ${text}
)${clustered};

-- Refused. A table of its own, since a signup may be refused by several brokers.
CREATE TABLE refusal (
    signup_id ${bytes} NOT NULL,
    broker ${text} NOT NULL,
    refused_at BIGINT NOT NULL,
    reason ${text} NOT NULL,
    PRIMARY KEY (signup_id, broker)
);

-- PolicyPublished
CREATE TABLE policy (
    version ${text} NOT NULL,
    language ${text} NOT NULL,
    digest ${bytes} NOT NULL,
    effective_at BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (version, language)
);

-- Each broker as the newest DirectoryPublished has it that has the broker
CREATE TABLE broker (
    id ${text} NOT NULL PRIMARY KEY,
    name ${text} NOT NULL,
    privacy_policy ${text} NOT NULL,
    published_at BIGINT NOT NULL,
    directory_digest ${bytes} NOT NULL
);

-- How far each partition of the log is projected: the offset of the next event. Written with the rows, in one transaction.
CREATE TABLE projected_position (
    topic ${text} NOT NULL,
    partition_number INTEGER NOT NULL,
    next_offset BIGINT NOT NULL,
    PRIMARY KEY (topic, partition_number)
);

-- The log that all this comes from; one row.
CREATE TABLE log_source (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    cluster_id ${text} NOT NULL,
    topic_prefix ${text} NOT NULL
);
