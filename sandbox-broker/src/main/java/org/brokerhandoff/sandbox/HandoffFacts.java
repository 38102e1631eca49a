package org.brokerhandoff.sandbox;

import java.util.UUID;

/**
 * What a {@link Behaviour} may decide by. All numbers count from 1.
 *
 * @param signupId the signup handed over
 * @param country the person's country of residence, as received
 * @param arrival how often this signup has arrived by now, this time included
 * @param signupNumber the how manieth distinct signup this is; the same at each of its arrivals
 * @param total how many handoffs have arrived by now, this one included
 */
public record HandoffFacts(UUID signupId, String country, int arrival, int signupNumber, long total) {
    /** Without the country: with the id beside it, it is personal data. */
    @Override
    public String toString() {
        return "HandoffFacts[" + signupId + ", arrival " + arrival + ", signup " + signupNumber + ", total " + total
                + "]";
    }
}
