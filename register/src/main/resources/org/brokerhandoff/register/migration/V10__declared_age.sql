-- ConsentGranted: the age that the person confirmed to have reached. Events of before this version hold none.
ALTER TABLE signup ADD COLUMN declared_age INTEGER;
