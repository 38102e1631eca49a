package org.brokerhandoff.custody.cells;

import org.brokerhandoff.custody.DataKey;

/** What came of putting a key together. */
public sealed interface KeyReading {
    /** The key, for the caller to destroy. */
    record Found(DataKey key) implements KeyReading {}

    /** Two cells answered that they have no share, or shares that do not belong together: it cannot be put together any more. */
    record Lost() implements KeyReading {}

    /** Too few cells answered. */
    record Unavailable() implements KeyReading {}
}
