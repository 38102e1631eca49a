-- Names that were given a content, such as versions of policies, by digests. Never deleted: what is published stays.
CREATE TABLE first_claim (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    content TEXT COLLATE "C" NOT NULL
);
