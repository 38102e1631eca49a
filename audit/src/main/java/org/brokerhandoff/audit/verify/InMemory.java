package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sorts in memory. */
final class InMemory implements Sorted {
    private final List<byte[]> records = new ArrayList<>();

    @Override
    public synchronized void add(byte[] record) {
        if (record.length > LONGEST_BYTES) {
            throw new IllegalArgumentException("a record of " + record.length + " bytes");
        }
        records.add(record);
    }

    @Override
    public Cursor cursor() {
        records.sort(Arrays::compareUnsigned);
        Iterator<byte[]> all = List.copyOf(records).iterator();
        return new Cursor() {
            @Override
            public byte @Nullable [] next() {
                return all.hasNext() ? all.next() : null;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {
        records.clear();
    }
}
