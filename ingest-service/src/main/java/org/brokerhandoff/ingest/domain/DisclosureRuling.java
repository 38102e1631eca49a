package org.brokerhandoff.ingest.domain;

import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.RequestDecision;

/**
 * How a request for disclosure is decided, and why.
 *
 * @param ground a ground that supports the decision, see {@link #fits}
 */
public record DisclosureRuling(RequestDecision decision, DisclosureGround ground) {
    /** Whether {@code ground} supports {@code decision}. */
    public static boolean fits(RequestDecision decision, DisclosureGround ground) {
        return switch (ground) {
            case LEGAL_BASIS, PERSON_CONSENTED -> decision == RequestDecision.GRANTED;
            case NO_LEGAL_BASIS, NOT_COMPETENT, TOO_WIDE, PERSON_REFUSED, PRIVACY_PREVAILS ->
                decision == RequestDecision.REFUSED;
        };
    }
}
