-- Assigned: every broker that a signup was ever assigned to, since each may hold it until it has refused or was released.
CREATE TABLE assignment (
    signup_id ${bytes} NOT NULL,
    broker ${text} NOT NULL,
    assigned_at BIGINT NOT NULL,
    PRIMARY KEY (signup_id, broker)
)${clustered};

-- Released: the broker certainly does not have the signup.
CREATE TABLE released_assignment (
    signup_id ${bytes} NOT NULL,
    broker ${text} NOT NULL,
    released_at BIGINT NOT NULL,
    reason ${text} NOT NULL,
    PRIMARY KEY (signup_id, broker)
);

CREATE TABLE notice (
    signup_id ${bytes} NOT NULL,
    broker ${text} NOT NULL,
    type ${text} NOT NULL,
    -- NoticeSent, the one with the highest number
    attempts INTEGER,
    sent_at BIGINT,
    outcome ${text},
    retry_at BIGINT,
    -- NoticeConfirmed
    confirmed_at BIGINT,
    -- NoticeEscalated, by reason
    no_endpoint_at BIGINT,
    silent_at BIGINT,
    given_up_at BIGINT,
    PRIMARY KEY (signup_id, broker, type)
);

-- Withdrawals whose brokers may still have to be told; a list of work, not of facts, so no part of the export. The projection puts
-- signups in, whoever sends the notices takes them out once nothing is left to do.
CREATE TABLE withdrawal_in_progress (
    signup_id ${bytes} NOT NULL PRIMARY KEY
);

-- The new tables are about events that were projected already: everything is projected anew.
DELETE FROM projected_position;
DELETE FROM policy;
DELETE FROM broker;
DELETE FROM refusal;
DELETE FROM signup;
