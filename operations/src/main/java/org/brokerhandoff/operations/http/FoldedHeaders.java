package org.brokerhandoff.operations.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Detects a header continued on the next line (RFC 9112, section 5.2): the decoder joins the lines, and a proxy in front may not. If several
 * requests arrive in one buffer, only the first is checked; the others are joined, which the RFC allows.
 */
final class FoldedHeaders extends ChannelInboundHandlerAdapter {
    private boolean inHead = true;
    private boolean lineEnded;
    private boolean lineEmpty = true;
    private boolean begun;
    private boolean found;

    /** Whether the head that was read last has a folded header. */
    boolean found() {
        return found;
    }

    /** The next bytes are a head again. */
    void nextHead() {
        inHead = true;
        lineEnded = false;
        lineEmpty = true;
        begun = false;
        found = false;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (inHead && message instanceof ByteBuf bytes) {
            var unused = bytes.forEachByte(this::read);
        }
        context.fireChannelRead(message);
    }

    /** Whether the head continues. */
    private boolean read(byte next) {
        if (lineEnded && begun && (next == ' ' || next == '\t')) {
            found = true;
        }
        lineEnded = next == '\n';
        if (lineEnded) {
            inHead = !(lineEmpty && begun);
            lineEmpty = true;
        } else if (next != '\r') {
            lineEmpty = false;
            begun = true;
        }
        return inHead;
    }
}
