package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Sorts as many records as memory holds. */
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
    public void forEach(Consumer<byte[]> taker) {
        records.sort(Arrays::compareUnsigned);
        records.forEach(taker);
    }

    @Override
    public void close() {
        records.clear();
    }
}
