package org.brokerhandoff.ingest.domain;

import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsGround;

/** How the operator decides a request, and why. */
public record RightsRuling(RequestDecision decision, RightsGround ground) {
    /** Whether {@code ground} is one for {@code decision}: only that nothing speaks against a request speaks for it. */
    public static boolean fits(RequestDecision decision, RightsGround ground) {
        return (decision == RequestDecision.GRANTED) == (ground == RightsGround.JUSTIFIED);
    }
}
