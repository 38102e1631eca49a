package org.brokerhandoff.audit.verify;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sorts records, also more than fit into memory. Adding is thread-safe, the rest for one thread. */
public interface Sorted extends AutoCloseable {
    /** The longest record, in bytes. */
    int LONGEST_BYTES = 32_000;

    /** Adds a record of at most {@link #LONGEST_BYTES}. */
    void add(byte[] record);

    /** Every record in unsigned byte order. Nothing is added after that; may be called again. */
    Cursor cursor();

    /** Passes every record in the same order. */
    default void forEach(Consumer<byte[]> taker) {
        try (Cursor cursor = cursor()) {
            for (byte[] next = cursor.next(); next != null; next = cursor.next()) {
                taker.accept(next);
            }
        }
    }

    /** Frees the records' space. */
    @Override
    void close();

    /** Records one after the other. */
    interface Cursor extends AutoCloseable {
        /** The next record; null after the last. */
        byte @Nullable [] next();

        @Override
        void close();
    }

    /** Where records are stored meanwhile. */
    interface Place {
        /** An empty store, for the log's records or data derived from them. */
        Sorted sorted();
    }
}
