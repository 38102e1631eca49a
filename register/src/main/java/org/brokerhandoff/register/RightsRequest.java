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
 * A person's request, and its progress.
 *
 * @param dueAt deadline for the answer, extensions included
 * @param found state in custody; empty: nothing in custody depends on it
 * @param correction the new data of a rectification
 * @param extension the longest extension
 * @param decision the operator's decision
 * @param recipients the brokers that must be notified of it, and their answers
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
     * @param sealedAs the id under which it is sealed
     * @param status its status; empty: it was not accepted
     */
    public record Correction(UUID sealedAs, Optional<SignupStatus> status) {
        /** Whether no broker will get it any more. */
        public boolean ended() {
            return status.isEmpty() || status.get().purge().isPresent();
        }
    }

    /**
     * More time for the answer.
     *
     * @param at when it was extended
     * @param reason the reason
     */
    public record Extension(Instant at, ExtensionReason reason) {}

    /**
     * The operator's decision.
     *
     * @param at when it was made
     * @param ground the reason
     */
    public record Decision(Instant at, RequestDecision outcome, RightsGround ground) {}
}
