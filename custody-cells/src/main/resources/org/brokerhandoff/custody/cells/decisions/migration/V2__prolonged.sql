-- Until when a key is kept beyond its expiry, for a preservation order.
ALTER TABLE custody ADD COLUMN prolonged_to BIGINT;
