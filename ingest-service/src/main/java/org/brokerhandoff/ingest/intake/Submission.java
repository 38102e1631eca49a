package org.brokerhandoff.ingest.intake;

import java.time.Duration;
import java.time.Instant;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.ingest.domain.Entry;

/**
 * A valid request on its way in.
 *
 * @param request how it came; the signup is bound to its owner
 * @param entry what it is, less the person
 * @param person wiped by the intake, whatever comes of it
 * @param hold time from acceptance to the proof of its purge
 */
public record Submission(Request request, Entry entry, PersonalData person, Instant receivedAt, Duration hold) {
    /** Prints neither the key nor the person. */
    @Override
    public String toString() {
        return "Submission[" + request + "]";
    }
}
