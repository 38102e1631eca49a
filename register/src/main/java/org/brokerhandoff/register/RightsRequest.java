package org.brokerhandoff.register;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.ExtensionReason;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsType;

/**
 * A request as to a person's rights, and what has become of it.
 *
 * @param dueAt when it has to be answered, extensions included
 * @param found what it found in custody; empty: nothing in custody depends on it
 * @param correction the new data of a rectification
 * @param extension the extension that gives most time
 * @param decision the operator's decision
 * @param recipients the brokers that must be notified of it, and what they say
 */
public record RightsRequest(
        UUID requestId,
        RightsType type,
        Instant requestedAt,
        Instant dueAt,
        RequestMethod method,
        Optional<HoldingFound> found,
        Optional<Correction> correction,
        Optional<Extension> extension,
        Optional<Decision> decision,
        List<OwedNotice> recipients) {
    /** Copies the list. */
    public RightsRequest {
        recipients = List.copyOf(recipients);
    }

    /**
     * New data, which is handed over as a signup is.
     *
     * @param sealedAs the id under which it is
     * @param status what has become of it; empty: it was not accepted
     */
    public record Correction(UUID sealedAs, Optional<SignupStatus> status) {
        /** Whether no broker gets it any more. */
        public boolean ended() {
            return status.isEmpty() || status.get().purge().isPresent();
        }
    }

    /**
     * More time for the answer.
     *
     * @param at when it was extended
     * @param reason why
     */
    public record Extension(Instant at, ExtensionReason reason) {}

    /**
     * The operator's decision.
     *
     * @param at when
     * @param ground why
     */
    public record Decision(Instant at, RequestDecision outcome, RightsGround ground) {}
}
