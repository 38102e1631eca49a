package org.brokerhandoff.audit.verify;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records brought into order, also more of them than memory holds. Adding is for several threads, the rest for one. */
public interface Sorted extends AutoCloseable {
    /** The longest record, in bytes. */
    int LONGEST_BYTES = 32_000;

    /** Takes a record of at most {@link #LONGEST_BYTES} in. */
    void add(byte[] record);

    /** Every record in the order of their bytes, unsigned, from the first. Nothing is added from then on; may be called again. */
    Cursor cursor();

    /** Gives every record in the same order. */
    default void forEach(Consumer<byte[]> taker) {
        try (Cursor cursor = cursor()) {
            for (byte[] next = cursor.next(); next != null; next = cursor.next()) {
                taker.accept(next);
            }
        }
    }

    /** Gives back what the records took. */
    @Override
    void close();

    /** Records one after the other. */
    interface Cursor extends AutoCloseable {
        /** The next record; null behind the last. */
        byte @Nullable [] next();

        @Override
        void close();
    }

    /** Where records are kept meanwhile. */
    interface Place {
        /** An empty one, for the log's records or what was made of them. */
        Sorted sorted();
    }
}
