-- DisclosureRequested, DisclosureDecided, PreservationReleased. Events of before this version hold none.
ALTER TABLE disclosure_request ADD COLUMN preserve_until BIGINT;
ALTER TABLE disclosure_request ADD COLUMN preserved_until BIGINT;
ALTER TABLE disclosure_request ADD COLUMN released_at BIGINT;
ALTER TABLE disclosure_request ADD COLUMN release_actor ${text};
