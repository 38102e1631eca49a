package org.brokerhandoff.ledger.index;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Rows of one width, numbered from 0, in memory allocated piece by piece on demand: growing copies nothing. */
final class Rows {
    private static final int ROWS_BITS = 12;
    private static final int ROWS = 1 << ROWS_BITS;

    private final int rowBytes;
    private final IntFunction<ByteBuffer> memory;
    private final List<ByteBuffer> pieces = new ArrayList<>();

    Rows(int rowBytes, IntFunction<ByteBuffer> memory) {
        this.rowBytes = rowBytes;
        this.memory = memory;
    }

    private ByteBuffer piece(int row) {
        int number = row >> ROWS_BITS;
        while (number >= pieces.size()) {
            pieces.add(memory.apply(ROWS * rowBytes));
        }
        return pieces.get(number);
    }

    private int place(int row, int at) {
        return (row & (ROWS - 1)) * rowBytes + at;
    }

    int intAt(int row, int at) {
        return piece(row).getInt(place(row, at));
    }

    void putInt(int row, int at, int value) {
        piece(row).putInt(place(row, at), value);
    }

    long longAt(int row, int at) {
        return piece(row).getLong(place(row, at));
    }

    void putLong(int row, int at, long value) {
        piece(row).putLong(place(row, at), value);
    }

    byte byteAt(int row, int at) {
        return piece(row).get(place(row, at));
    }

    void putByte(int row, int at, byte value) {
        piece(row).put(place(row, at), value);
    }

    byte[] bytesAt(int row, int at, int count) {
        byte[] bytes = new byte[count];
        piece(row).get(place(row, at), bytes);
        return bytes;
    }

    void put(int row, int at, byte[] bytes) {
        piece(row).put(place(row, at), bytes);
    }
}
