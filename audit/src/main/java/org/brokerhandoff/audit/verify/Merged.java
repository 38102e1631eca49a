package org.brokerhandoff.audit.verify;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Several sorted pieces, merged. Read-only; closing it leaves the pieces open. */
public final class Merged implements Sorted {
    private final List<Sorted> pieces;

    /** All records of {@code pieces}. */
    public Merged(List<Sorted> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /** The next record of a piece. */
    private static final class Head {
        private final byte[] record;
        private final Cursor from;

        Head(byte[] record, Cursor from) {
            this.record = record;
            this.from = from;
        }
    }

    @Override
    public void add(byte[] record) {
        throw new UnsupportedOperationException("what is merged grows no more");
    }

    @Override
    public Cursor cursor() {
        PriorityQueue<Head> heads =
                new PriorityQueue<>((one, other) -> Arrays.compareUnsigned(one.record, other.record));
        List<Cursor> open = pieces.stream().map(Sorted::cursor).toList();
        open.forEach(each -> advance(each, heads));
        return new Cursor() {
            @Override
            public byte @Nullable [] next() {
                Head least = heads.poll();
                if (least == null) {
                    return null;
                }
                advance(least.from, heads);
                return least.record;
            }

            @Override
            public void close() {
                open.forEach(Cursor::close);
            }
        };
    }

    private static void advance(Cursor cursor, PriorityQueue<Head> heads) {
        byte[] next = cursor.next();
        if (next != null) {
            heads.add(new Head(next, cursor));
        }
    }

    @Override
    public void close() {}
}
