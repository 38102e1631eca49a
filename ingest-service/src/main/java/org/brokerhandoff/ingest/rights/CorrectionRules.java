package org.brokerhandoff.ingest.rights;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.ingest.status.RightsCase;
import org.brokerhandoff.register.SignupState;

/** Whether the data that a broker holds about a signup may be corrected. Pure. */
final class CorrectionRules {
    /** Limit of corrections of a signup per day: each leaves permanent events, and a notice with a person at the broker. */
    static final int MOST_IN_A_DAY = 10;

    private static final Duration DAY = Duration.ofDays(1);

    private CorrectionRules() {}

    /** Outcome of a rectification. */
    sealed interface Step {
        /**
         * The new data goes to the holder of the old.
         *
         * @param holder id of the broker
         * @param open ids of earlier corrections that may not have been sent yet: the newest data must arrive last
         */
        record Take(String holder, List<UUID> open) implements Step {
            /** Copies the list. */
            public Take {
                open = List.copyOf(open);
            }
        }

        /** Nothing is accepted. */
        record NotPossible(RightsOutcome.Refusal reason) implements Step {}
    }

    /**
     * Outcome of a rectification of the signup. It also waits for the purge: as long as the old key exists, a withdrawal destroys it and is
     * then complete. Before the handoff no one else has data to correct: a withdrawal destroys the old data at once, and a new signup has the
     * new. After a withdrawal nothing more is sent.
     */
    static Step of(RightsCase now, Instant at) {
        if (now.status().withdrawal().isPresent() || now.status().state() == SignupState.WITHDRAWN) {
            return new Step.NotPossible(RightsOutcome.Refusal.CONSENT_WITHDRAWN);
        } else if (now.status().consent().isEmpty() || now.status().owner().isEmpty()) {
            return new Step.NotPossible(RightsOutcome.Refusal.NOTHING_TO_RECTIFY);
        }
        long today = now.requests().stream()
                .filter(request -> request.type() == RightsType.RECTIFICATION)
                .filter(request -> at.isBefore(request.requestedAt().plus(DAY)))
                .count();
        if (today >= MOST_IN_A_DAY) {
            return new Step.NotPossible(RightsOutcome.Refusal.TOO_MANY_RECTIFICATIONS);
        }
        return switch (now.status().state()) {
            case DELIVERED ->
                now.status().purge().isEmpty()
                        ? new Step.NotPossible(RightsOutcome.Refusal.NOT_HANDED_OVER_YET)
                        : new Step.Take(now.status().broker().orElseThrow().id(), now.openCorrections());
            case RECEIVED, ASSIGNED -> new Step.NotPossible(RightsOutcome.Refusal.NOT_HANDED_OVER_YET);
            default -> new Step.NotPossible(RightsOutcome.Refusal.NOTHING_TO_RECTIFY);
        };
    }
}
