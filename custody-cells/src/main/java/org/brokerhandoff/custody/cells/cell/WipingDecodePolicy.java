package org.brokerhandoff.custody.cells.cell;

import io.lettuce.core.protocol.DecodeBufferPolicy;
import io.netty.buffer.ByteBuf;

/**
 * Overwrites what was read of a connection's buffer at once. Lettuce's own policies let it stand until more is read over it, and the buffer lives
 * as long as the connection.
 */
final class WipingDecodePolicy implements DecodeBufferPolicy {
    @Override
    public void afterDecoding(ByteBuf buffer) {
        int read = buffer.readerIndex();
        int end = buffer.writerIndex();
        if (read > 0) {
            buffer.setZero(0, read);
            buffer.discardReadBytes();
            // The rest was moved to the beginning; this is where it was.
            buffer.setZero(buffer.writerIndex(), end - buffer.writerIndex());
        }
    }
}
