package org.brokerhandoff.register;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.RightsGround;

/**
 * A broker that holds a signup, or may hold it, and what has become of the notice to it.
 *
 * @param broker the broker's id
 * @param delivered whether the broker has confirmed that it has the signup; else it was assigned, has neither refused nor been
 *     released, and may have it
 * @param attempts sendings so far, 0 if there was none
 * @param last the latest sending
 * @param confirmedAt when the broker confirmed that it has done what the notice asks for
 * @param refusal the broker's refusal to do what the notice asks for
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
     * @param outcome what it came to
     * @param notBefore the broker asked not to be sent it again before
     */
    public record Sending(Instant at, NoticeOutcome outcome, Optional<Instant> notBefore) {}

    /**
     * The broker will not do it.
     *
     * @param at when it said so
     * @param ground why
     */
    public record Refusal(Instant at, RightsGround ground) {}

    /** Whether the broker has said what it does about it. */
    public boolean answered() {
        return confirmedAt.isPresent() || refusal.isPresent();
    }
}
