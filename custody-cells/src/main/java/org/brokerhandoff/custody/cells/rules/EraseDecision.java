package org.brokerhandoff.custody.cells.rules;

import org.brokerhandoff.custody.EraseOutcome;

/** What an erasure begins with. */
public sealed interface EraseDecision {
    /**
     * The shares are to be destroyed.
     *
     * @param began whether this call decided it; otherwise an earlier one did, and its reason stays
     */
    record Destroy(CustodyRow row, boolean began) implements EraseDecision {}

    /** Nothing is left to be done. */
    record Ended(EraseOutcome outcome) implements EraseDecision {}
}
