package org.brokerhandoff.ledgerservice;

import org.brokerhandoff.ledgerservice.outside.CheckpointCopies;
import org.brokerhandoff.ledgerservice.witness.Witnesses;

/**
 * External knowledge of the ledger, which is not restored together with its host.
 *
 * @param witnesses the witnesses that cosign it
 * @param copies of its checkpoint
 */
record Outside(Witnesses witnesses, CheckpointCopies copies) implements AutoCloseable {
    boolean isEmpty() {
        return witnesses.isEmpty() && copies.isEmpty();
    }

    @Override
    public void close() {
        witnesses.close();
    }
}
