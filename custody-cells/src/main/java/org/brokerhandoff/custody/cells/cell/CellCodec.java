package org.brokerhandoff.custody.cells.cell;

import io.lettuce.core.codec.RedisCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.brokerhandoff.custody.cells.share.CellShare;

/**
 * Handles as text, shares as 64 bytes that are never on the Java heap. One for each connection: it encodes on that connection's event loop only,
 * into one piece of memory, which the next {@linkplain #rinse rinse} overwrites.
 *
 * <p>Not a {@code ToByteBufEncoder}: for one of those lettuce takes a further buffer, from an allocator that does not wipe.
 */
final class CellCodec implements RedisCodec<String, CellCodec.Value> {
    /** What is sent to overwrite buffers. */
    static final int RINSE_BYTES = 64 * 1024;

    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(RINSE_BYTES).asReadOnlyBuffer();

    private final int cell;
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(CellShare.LENGTH_BYTES);

    CellCodec(int cell) {
        this.cell = cell;
    }

    /** A value, as it goes to a cell or comes from it. */
    sealed interface Value {
        /** A share. From a cell: for the receiver to destroy. */
        record Share(CellShare share) implements Value {}

        /** 64 zeros. */
        record Zeros() implements Value {}

        /** 64 KiB of zeros to a cell; anything else from it. */
        record Other() implements Value {}
    }

    static Value rinse() {
        return new Value.Other();
    }

    @Override
    public String decodeKey(ByteBuffer bytes) {
        return StandardCharsets.US_ASCII.decode(bytes).toString();
    }

    @Override
    public Value decodeValue(ByteBuffer bytes) {
        if (bytes.remaining() != CellShare.LENGTH_BYTES) {
            return new Value.Other();
        }
        ByteBuffer share = bytes.slice();
        long all = 0;
        for (int at = 0; at < CellShare.LENGTH_BYTES; at += Long.BYTES) {
            all |= share.getLong(at);
        }
        return all == 0 ? new Value.Zeros() : new Value.Share(CellShare.copyOf(cell, share));
    }

    @Override
    public ByteBuffer encodeKey(String key) {
        return StandardCharsets.US_ASCII.encode(key);
    }

    @Override
    public ByteBuffer encodeValue(Value value) {
        if (value instanceof Value.Share share) {
            share.share().copyTo(outgoing);
            return outgoing.duplicate().clear();
        }
        outgoing.put(0, ZEROS, 0, CellShare.LENGTH_BYTES);
        return value instanceof Value.Zeros ? outgoing.duplicate().clear() : ZEROS.duplicate();
    }
}
