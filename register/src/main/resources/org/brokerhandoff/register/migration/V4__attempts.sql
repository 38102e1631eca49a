-- Custody's numbers of attempts, counted over all brokers of a signup: a refusal or a release says nothing of an attempt that came later.

-- Refused: the latest attempt that was refused.
ALTER TABLE refusal ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;

-- Released: attempts that custody had counted.
ALTER TABLE released_assignment ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;

-- AttemptMade: the latest attempt of which the broker may have got something, and whose reply decided nothing.
CREATE TABLE undecided_attempt (
    signup_id ${bytes} NOT NULL,
    broker ${text} NOT NULL,
    attempt INTEGER NOT NULL,
    PRIMARY KEY (signup_id, broker)
);

-- The numbers are in events that were projected already: everything is projected anew.
DELETE FROM projected_position;
DELETE FROM policy;
DELETE FROM broker;
DELETE FROM assignment;
DELETE FROM refusal;
DELETE FROM released_assignment;
DELETE FROM notice;
DELETE FROM signup;
