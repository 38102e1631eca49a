package org.brokerhandoff.ingest.intake;

import java.time.Duration;
import java.time.Instant;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.ingest.domain.Entry;

/**
 * A valid request on its way in.
 *
 * @param owner owner of the API key that it was sent with: the signup is bound to it
 * @param client who sent it, and what of: keys of different clients have nothing to do with each other
 * @param idempotencyKey its idempotency key
 * @param entry what it is, less the person
 * @param person wiped by the intake, whatever comes of it
 * @param hold time from acceptance to the proof of its purge
 */
public record Submission(
        String owner,
        String client,
        String idempotencyKey,
        Entry entry,
        PersonalData person,
        Instant receivedAt,
        Duration hold) {
    /** Prints neither the key nor the person. */
    @Override
    public String toString() {
        return "Submission[" + client + "]";
    }
}
