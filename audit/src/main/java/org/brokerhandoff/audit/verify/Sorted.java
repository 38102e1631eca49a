package org.brokerhandoff.audit.verify;

import java.util.function.Consumer;

/** Records brought into order, also more of them than memory holds. Adding is for several threads, the rest for one. */
public interface Sorted extends AutoCloseable {
    /** The longest record, in bytes. */
    int LONGEST_BYTES = 32_000;

    /** Takes a record of at most {@link #LONGEST_BYTES} in. */
    void add(byte[] record);

    /** Gives every record in the order of their bytes, unsigned. Nothing is added from then on; may be called again. */
    void forEach(Consumer<byte[]> taker);

    /** Gives back what the records took. */
    @Override
    void close();

    /** Where records are kept meanwhile. */
    interface Place {
        /** An empty one, for the log's records or what was made of them. */
        Sorted sorted();
    }
}
