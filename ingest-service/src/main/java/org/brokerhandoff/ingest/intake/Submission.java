package org.brokerhandoff.ingest.intake;

import java.time.Instant;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.ingest.domain.Signup;

/**
 * A valid signup on its way in.
 *
 * @param client id of the API key that sent it
 * @param idempotencyKey its idempotency key
 * @param policy the policy text the consent is given under
 * @param person wiped by the intake, whatever comes of it
 */
public record Submission(
        String client, String idempotencyKey, Signup signup, Policy policy, PersonalData person, Instant receivedAt) {
    /** Prints neither the key nor the person. */
    @Override
    public String toString() {
        return "Submission[" + client + "]";
    }
}
