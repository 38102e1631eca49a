package org.brokerhandoff.audit.ledger;

/** This program cannot decide whether a policy accepts the newest checkpoint; says why. */
public final class UndecidedCheckpoint extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UndecidedCheckpoint(String reason) {
        super(reason);
    }
}
