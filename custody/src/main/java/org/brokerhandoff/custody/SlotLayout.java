package org.brokerhandoff.custody;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** Where things stand in the file and in a slot. All numbers of a slot are in the machine's byte order. */
final class SlotLayout {
    static final int HEADER_BYTES = 64 * 1024;
    static final int SLOT_BYTES = 128;
    /** The unit in which erased slots are read back, and of which a chunk is a multiple. */
    static final int BLOCK_BYTES = 4096;

    static final int SLOTS_PER_BLOCK = BLOCK_BYTES / SLOT_BYTES;
    static final int MAXIMUM_CHUNK_SLOTS = 8192;

    static final int WORD = 0;
    static final int SIGNUP_ID_HIGH = 8;
    static final int SIGNUP_ID_LOW = 16;
    static final int EXPIRY = 24;
    static final int POSITION = 32;
    /** The wrapped key and the number of the epoch it is wrapped under: what an erasure overwrites. */
    static final int KEY_AREA = 40;

    static final int KEY_AREA_BYTES = 64;
    static final int WRAPPED_KEY_BYTES = 60;
    static final int ERASED_AT = 104;
    static final int CHECKSUM = 112;
    /** Until when the slot is prolonged, see {@link #prolongation}; 0: not. */
    static final int PROLONGED = 120;

    /** The 64-bit fields that a hold writes: everything after the state word. */
    static final int FIELDS = (PROLONGED - SIGNUP_ID_HIGH) / Long.BYTES + 1;

    private SlotLayout() {}

    /** Size of a file with so many slots. */
    static long fileBytes(long slots) {
        return HEADER_BYTES + slots * SLOT_BYTES;
    }

    static long fileOffset(int slot) {
        return HEADER_BYTES + (long) slot * SLOT_BYTES;
    }

    /**
     * The checksum of what does not change while a slot is occupied. The key is left out: it is overwritten before the
     * slot ends, no trace of it may stay, and it carries its own authentication tag.
     */
    static long checksum(int slot, int generation, UUID signupId, long expiryMillis) {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        bytes.putInt(slot)
                .putInt(generation)
                .putLong(signupId.getMostSignificantBits())
                .putLong(signupId.getLeastSignificantBits())
                .putLong(expiryMillis);
        return Integer.toUnsignedLong(Crc32c.of(bytes.array(), bytes.capacity()));
    }

    /**
     * A time in one word, so that it is written as a whole: seconds since 1970, unsigned, and a checksum of these and of what {@link #checksum}
     * is of, so that it counts for no other generation of the slot.
     *
     * @param checksum of the slot
     */
    static long prolongation(long checksum, long seconds) {
        ByteBuffer bytes = ByteBuffer.allocate(16).putLong(checksum).putLong(seconds);
        return seconds << Integer.SIZE | Integer.toUnsignedLong(Crc32c.of(bytes.array(), bytes.capacity()));
    }

    /** The seconds since 1970 that a word of {@link #prolongation} has; 0 if it is none of this slot's. */
    static long prolongedSeconds(long checksum, long word) {
        long seconds = word >>> Integer.SIZE;
        return word != 0 && prolongation(checksum, seconds) == word ? seconds : 0;
    }

    /** The fields of a newly held slot, in file order from {@link #SIGNUP_ID_HIGH}. */
    static long[] heldFields(SlotReference reference, UUID signupId, long expiryMillis, byte[] keyArea) {
        ByteBuffer keyWords = ByteBuffer.wrap(keyArea).order(ByteOrder.nativeOrder());
        long[] fields = new long[FIELDS];
        fields[0] = signupId.getMostSignificantBits();
        fields[1] = signupId.getLeastSignificantBits();
        fields[2] = expiryMillis;
        fields[3] = LogPosition.NONE;
        for (int i = 0; i < KEY_AREA_BYTES / Long.BYTES; i++) {
            fields[4 + i] = keyWords.getLong();
        }
        fields[12] = 0;
        fields[13] = checksum(reference.slot(), reference.generation(), signupId, expiryMillis);
        fields[14] = 0;
        return fields;
    }
}
