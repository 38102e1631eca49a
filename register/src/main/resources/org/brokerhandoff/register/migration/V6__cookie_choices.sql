-- CookieChoice: the one that holds, by visitor and website. No table has both a visitor and a signup. Events of before this version hold none.
CREATE TABLE cookie_choice (
    visitor_id ${bytes} NOT NULL,
    owner ${text} NOT NULL,
    accepted ${text} NOT NULL,
    document_digest ${bytes},
    method ${text} NOT NULL,
    chosen_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (visitor_id, owner)
);
