package org.brokerhandoff.ledgerservice;

import org.brokerhandoff.ledgerservice.outside.CheckpointCopies;
import org.brokerhandoff.ledgerservice.witness.Witnesses;

/**
 * Those who know of the ledger and are not restored with its host.
 *
 * @param witnesses that cosign it
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
