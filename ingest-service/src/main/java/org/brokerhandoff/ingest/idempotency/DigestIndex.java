package org.brokerhandoff.ingest.idempotency;

import java.util.function.IntPredicate;

/**
 * Maps the first four bytes of a digest to the number of its newest record: open addressing in an array of longs, 12 to 24 bytes per digest.
 * Digests may share their first bytes, so a hit is confirmed by reading the record; a miss, the case of a new signup, reads only memory. Not
 * thread-safe.
 */
final class DigestIndex {
    private static final int SMALLEST = 1 << 12;

    /** High half: first bytes of the digest; low half: number of the record, never 0 in an occupied slot. */
    private long[] places = new long[SMALLEST];

    private int size;

    /** The record of the digest that begins with {@code start} and matches; 0 if there is none. */
    int find(int start, IntPredicate isTheOne) {
        for (int at = start & mask(); places[at] != 0; at = (at + 1) & mask()) {
            if (start(places[at]) == start && isTheOne.test((int) places[at])) {
                return (int) places[at];
            }
        }
        return 0;
    }

    /** Whether {@code record} is the newest of a digest that begins with {@code start}. */
    boolean has(int start, int record) {
        return find(start, number -> number == record) != 0;
    }

    /** Makes {@code record} the newest of a digest, replacing {@code former}; 0 if the digest is new. */
    void set(int start, int former, int record) {
        if (former == 0) {
            if (size * 3L >= places.length * 2L) {
                grow();
            }
            size++;
        }
        long wanted = former == 0 ? 0 : place(start, former);
        int at = start & mask();
        while (places[at] != wanted) {
            if (places[at] == 0) {
                throw new IllegalStateException("record " + former + " is not in the index");
            }
            at = (at + 1) & mask();
        }
        places[at] = place(start, record);
    }

    int size() {
        return size;
    }

    /** Bytes of memory. */
    long bytes() {
        return (long) places.length * Long.BYTES;
    }

    private void grow() {
        long[] former = places;
        places = new long[former.length * 2];
        for (long place : former) {
            if (place != 0) {
                int at = start(place) & mask();
                while (places[at] != 0) {
                    at = (at + 1) & mask();
                }
                places[at] = place;
            }
        }
    }

    private int mask() {
        return places.length - 1;
    }

    private static long place(int start, int record) {
        return (long) start << Integer.SIZE | record;
    }

    private static int start(long place) {
        return (int) (place >>> Integer.SIZE);
    }
}
