package org.brokerhandoff.custody.cells.decisions;

import java.util.concurrent.CompletionStage;

/** The row of a key that is repaired. */
public interface RepairRow {
    /** Keeps erasures from being decided until {@link #release}, or until the connection is lost; whether the key is live. */
    CompletionStage<Boolean> lock();

    /** Reads the row over another connection; whether the key is live. */
    CompletionStage<Boolean> look();

    /** Gives the lock back, if it is held. */
    void release();
}
