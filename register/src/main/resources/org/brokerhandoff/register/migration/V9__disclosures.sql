-- DisclosureRequested, DisclosureDecided: of each the first in the log. All events of one request stand in one partition.
CREATE TABLE disclosure_request (
    signup_id ${bytes} NOT NULL,
    request_id ${bytes} NOT NULL,
    -- DisclosureRequested
    requested_at BIGINT,
    requester ${text},
    country ${text},
    basis ${text},
    scope ${text},
    preservation INTEGER,
    sealed_as ${bytes},
    actor ${text},
    -- DisclosureDecided
    decided_at BIGINT,
    decision ${text},
    ground ${text},
    decision_actor ${text},
    PRIMARY KEY (signup_id, request_id)
);

-- DisclosureQuestionAsked, DisclosureQuestionAnswered: of each the first in the log. Events of before this version hold none.
CREATE TABLE disclosure_question (
    signup_id ${bytes} NOT NULL,
    request_id ${bytes} NOT NULL,
    question_id ${bytes} NOT NULL,
    -- DisclosureQuestionAsked
    asked_at BIGINT,
    answer_by BIGINT,
    actor ${text},
    -- DisclosureQuestionAnswered
    answered_at BIGINT,
    consented INTEGER,
    method ${text},
    answer_actor ${text},
    PRIMARY KEY (signup_id, request_id, question_id)
);
