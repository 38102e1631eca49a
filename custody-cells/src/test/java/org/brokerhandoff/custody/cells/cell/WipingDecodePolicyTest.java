package org.brokerhandoff.custody.cells.cell;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WipingDecodePolicyTest {
    @Test
    void what_was_read_is_zero_at_once_and_what_is_still_to_be_read_is_there() {
        ByteBuf buffer = Unpooled.directBuffer(64).setZero(0, 64);
        buffer.writeCharSequence("secret one, secret two, re", StandardCharsets.US_ASCII);
        buffer.skipBytes(24);
        new WipingDecodePolicy().afterDecoding(buffer);
        assertThat(buffer.readableBytes()).isEqualTo(2);
        assertThat(buffer.getCharSequence(buffer.readerIndex(), 2, StandardCharsets.US_ASCII))
                .hasToString("re");
        assertThat(buffer.getCharSequence(2, 62, StandardCharsets.US_ASCII).toString())
                .matches("\\x00*");
        buffer.skipBytes(2);
        new WipingDecodePolicy().afterDecoding(buffer);
        assertThat(buffer.writerIndex()).isZero();
        assertThat(buffer.getCharSequence(0, 64, StandardCharsets.US_ASCII).toString())
                .matches("\\x00*");
        buffer.release();
    }
}
