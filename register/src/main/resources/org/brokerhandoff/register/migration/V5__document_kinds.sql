-- PolicyPublished of documents of several kinds: each kind has versions of its own.
DROP TABLE policy;
CREATE TABLE policy (
    kind ${text} NOT NULL,
    version ${text} NOT NULL,
    language ${text} NOT NULL,
    digest ${bytes} NOT NULL,
    effective_at BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (kind, version, language)
);

-- The policies are in events that were projected already: everything is projected anew.
DELETE FROM projected_position;
DELETE FROM broker;
DELETE FROM assignment;
DELETE FROM refusal;
DELETE FROM released_assignment;
DELETE FROM undecided_attempt;
DELETE FROM notice;
DELETE FROM signup;
