-- ConsentGranted, ContactReceived: owner of the API key that the signup was handed in with. NULL: taken in before owners were recorded.
ALTER TABLE signup ADD COLUMN owner ${text};
