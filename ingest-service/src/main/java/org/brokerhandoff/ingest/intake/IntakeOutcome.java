package org.brokerhandoff.ingest.intake;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.ledger.entry.Leaf;

/** Outcome of a valid signup. */
public sealed interface IntakeOutcome {
    /**
     * Consent and sealed signup are in the log.
     *
     * @param replayed whether an earlier request with the same key brought it there
     * @param evidence where the newest record of its evidence stands, as far as that is known
     */
    record Accepted(UUID signupId, Instant eraseBy, boolean replayed, Optional<Leaf.Present> evidence)
            implements IntakeOutcome {}

    /**
     * An earlier request with the same key was never acknowledged, and its data key was since destroyed without a hand-off, or is lost. The
     * signup id is used up; the person's data must be submitted under a new key.
     */
    record Spent() implements IntakeOutcome {}

    /**
     * An earlier request with the same key named another consent and may still be handed over: this one would contradict what was published
     * about it.
     */
    record Conflict() implements IntakeOutcome {}

    /** Nothing was accepted as far as is known. */
    record Unavailable(Unavailability reason) implements IntakeOutcome {}

    /** As above, for a request that waited for another one with the same key. */
    default IntakeOutcome asReplay() {
        return this instanceof Accepted accepted
                ? new Accepted(accepted.signupId(), accepted.eraseBy(), true, accepted.evidence())
                : this;
    }
}
