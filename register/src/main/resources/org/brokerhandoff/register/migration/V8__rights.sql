-- RightsRequested, RightsRequestExtended (the one that gives most time), RightsRequestDecided
CREATE TABLE rights_request (
    signup_id ${bytes} NOT NULL,
    request_id ${bytes} NOT NULL,
    -- RightsRequested
    type ${text},
    requested_at BIGINT,
    due_at BIGINT,
    method ${text},
    found ${text},
    sealed_as ${bytes},
    -- RightsRequestExtended
    extended_at BIGINT,
    extended_due_at BIGINT,
    extension_reason ${text},
    -- RightsRequestDecided
    decided_at BIGINT,
    decision ${text},
    ground ${text},
    PRIMARY KEY (signup_id, request_id)
);

-- A notice tells of a request, or of a withdrawal, whose request_id is 16 zeros.
DROP TABLE notice;
CREATE TABLE notice (
    signup_id ${bytes} NOT NULL,
    broker ${text} NOT NULL,
    type ${text} NOT NULL,
    request_id ${bytes} NOT NULL,
    -- NoticeSent, the one with the highest number
    attempts INTEGER,
    sent_at BIGINT,
    outcome ${text},
    retry_at BIGINT,
    -- NoticeConfirmed
    confirmed_at BIGINT,
    -- NoticeRefused
    refused_at BIGINT,
    refused_ground ${text},
    -- NoticeEscalated, by reason
    no_endpoint_at BIGINT,
    silent_at BIGINT,
    given_up_at BIGINT,
    PRIMARY KEY (signup_id, broker, type, request_id)
);

-- Withdrawals and requests of which brokers may still have to be told; a list of work, not of facts, so no part of the export. The
-- projection puts them in, and the register service takes out those of which nothing is left to tell.
DROP TABLE withdrawal_in_progress;
CREATE TABLE notice_in_progress (
    signup_id ${bytes} NOT NULL,
    request_id ${bytes} NOT NULL,
    PRIMARY KEY (signup_id, request_id)
);

-- Requests may be in events that were projected already: everything is projected anew.
DELETE FROM projected_position;
DELETE FROM policy;
DELETE FROM broker;
DELETE FROM assignment;
DELETE FROM refusal;
DELETE FROM released_assignment;
DELETE FROM undecided_attempt;
DELETE FROM cookie_choice;
DELETE FROM signup;
