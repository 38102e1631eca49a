package org.brokerhandoff.register;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.RightsGround;

/**
 * A broker that holds, or may hold, a signup, and the state of the notice to it.
 *
 * @param broker the broker's id
 * @param delivered whether the broker has confirmed that it has the signup; otherwise it was assigned, has neither refused nor been released,
 *     and may have it
 * @param attempts number of sendings so far
 * @param last the latest sending
 * @param confirmedAt when the broker confirmed that it has done what the notice asks for
 * @param refusal the broker's refusal of what the notice asks for
 * @param escalations when the notice was escalated, by reason
 */
public record OwedNotice(
        String broker,
        boolean delivered,
        int attempts,
        Optional<Sending> last,
        Optional<Instant> confirmedAt,
        Optional<Refusal> refusal,
        Map<EscalationReason, Instant> escalations) {
    /** Copies the map. */
    public OwedNotice {
        escalations = Map.copyOf(escalations);
    }

    /**
     * One sending.
     *
     * @param at when
     * @param outcome its result
     * @param notBefore earliest time of the next sending, as requested by the broker
     */
    public record Sending(Instant at, NoticeOutcome outcome, Optional<Instant> notBefore) {}

    /**
     * The broker refuses.
     *
     * @param at when it refused
     * @param ground its reason
     */
    public record Refusal(Instant at, RightsGround ground) {}

    /** Whether the broker's answer is final. */
    public boolean answered() {
        return confirmedAt.isPresent() || refusal.isPresent();
    }
}
