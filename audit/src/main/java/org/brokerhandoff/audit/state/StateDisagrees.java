package org.brokerhandoff.audit.state;

import java.util.Optional;
import org.brokerhandoff.ledger.note.Checkpoint;

/** A verification cannot continue from its state, and must start over; says why. */
public final class StateDisagrees extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Checkpoint> contradicted;

    /** For this reason. */
    public StateDisagrees(String reason) {
        this(reason, Optional.empty());
    }

    /** @param contradicted an earlier checkpoint of the ledger, which the current ledger must be compared with */
    public StateDisagrees(String reason, Optional<Checkpoint> contradicted) {
        super(reason);
        this.contradicted = contradicted;
    }

    /** A checkpoint that the ledger does not contain. */
    public Optional<Checkpoint> contradicted() {
        return contradicted;
    }
}
