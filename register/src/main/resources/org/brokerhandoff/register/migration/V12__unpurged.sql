-- Signups without a purge, by the time that was promised for it: few at any moment, whatever the history.
CREATE INDEX signup_unpurged ON signup (erase_by) WHERE purged_at IS NULL;
