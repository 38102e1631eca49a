package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeMemoryTest {
    private static final byte[] TEXT = "kari@example.no".getBytes(StandardCharsets.UTF_8);

    private static boolean zero(ByteBuffer piece) {
        for (int i = 0; i < piece.capacity(); i++) {
            if (piece.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static void fill(ByteBuffer piece) {
        for (int i = 0; i < piece.capacity(); i++) {
            piece.put(i, (byte) 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32, 33, 500, 4096, 5000, 65_536, 65_537, 200_000})
    void a_piece_is_large_enough_outside_the_heap_and_zero_once_given_back(int bytes) {
        ByteBuffer piece = NativeMemory.take(bytes);
        assertThat(piece.capacity()).isGreaterThanOrEqualTo(bytes);
        assertThat(piece.isDirect()).isTrue();
        assertThat(zero(piece)).isTrue();
        fill(piece);
        NativeMemory.giveBack(piece);
        assertThat(zero(piece)).isTrue();
    }

    @Test
    void no_two_owners_have_the_same_piece() {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            ByteBuffer piece = NativeMemory.take(32);
            assertThat(zero(piece)).isTrue();
            fill(piece);
            pieces.add(piece);
        }
        Set<ByteBuffer> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        distinct.addAll(pieces);
        assertThat(distinct).hasSize(5000);
        pieces.forEach(NativeMemory::giveBack);
        assertThat(pieces).allMatch(NativeMemoryTest::zero);
    }

    @Test
    void a_wiped_owner_does_not_touch_the_next_owners_bytes() {
        PersonalData first = PersonalData.takeOver(TEXT.clone());
        first.wipe();
        PersonalData second = PersonalData.takeOver(TEXT.clone());
        first.wipe();
        assertThat(second.<byte[]>expose(byte[]::clone)).isEqualTo(TEXT);
        second.wipe();
    }

    @Test
    void a_buffer_grows_and_hands_over_what_was_written() {
        PersonalDataBuffer buffer = new PersonalDataBuffer(4);
        byte[] expected = new byte[3000];
        for (int i = 0; i < 1000; i++) {
            buffer.write(i);
            expected[3 * i] = (byte) i;
            buffer.write(new byte[] {9, (byte) (i + 1), 9}, 1, 1);
            expected[3 * i + 1] = (byte) (i + 1);
            buffer.write(ByteBuffer.wrap(new byte[] {9, (byte) (i + 2)}).position(1));
            expected[3 * i + 2] = (byte) (i + 2);
        }
        assertThat(buffer.length()).isEqualTo(3000);
        try (PersonalData data = buffer.handOver()) {
            buffer.wipe();
            assertThat(data.<byte[]>expose(byte[]::clone)).isEqualTo(expected);
        }
        assertThatThrownBy(() -> buffer.write(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(buffer::handOver).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_wiped_buffer_takes_and_gives_nothing() {
        PersonalDataBuffer buffer = new PersonalDataBuffer(16);
        buffer.write(TEXT, 0, TEXT.length);
        buffer.close();
        buffer.wipe();
        assertThatThrownBy(buffer::handOver).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> buffer.write(TEXT, 0, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(buffer.toString()).isEqualTo("PersonalDataBuffer[redacted]");
    }
}
