package org.brokerhandoff.ingest.domain;

import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsGround;

/** How the operator decides a request, and why. */
public record RightsRuling(RequestDecision decision, RightsGround ground) {
    /** Whether {@code ground} fits {@code decision}: a grant has only the ground that nothing speaks against the request. */
    public static boolean fits(RequestDecision decision, RightsGround ground) {
        return (decision == RequestDecision.GRANTED) == (ground == RightsGround.JUSTIFIED);
    }
}
