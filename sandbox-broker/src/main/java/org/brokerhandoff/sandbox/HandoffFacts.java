package org.brokerhandoff.sandbox;

import java.util.UUID;

/**
 * The input of a {@link Behaviour}. All numbers start at 1.
 *
 * @param signupId the signup handed over
 * @param country the person's country of residence, as received
 * @param arrival number of arrivals of this signup, including this one
 * @param signupNumber ordinal of the distinct signup; the same at each of its arrivals
 * @param total number of handoffs that have arrived, including this one
 */
public record HandoffFacts(UUID signupId, String country, int arrival, int signupNumber, long total) {
    /** Without the country: combined with the id, it is personal data. */
    @Override
    public String toString() {
        return "HandoffFacts[" + signupId + ", arrival " + arrival + ", signup " + signupNumber + ", total " + total
                + "]";
    }
}
