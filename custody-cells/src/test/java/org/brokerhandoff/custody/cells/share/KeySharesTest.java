package org.brokerhandoff.custody.cells.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.brokerhandoff.custody.DataKey;
import org.junit.jupiter.api.Test;

class KeySharesTest {
    private final SecureRandom secure = new SecureRandom();

    private static Consumer<ByteBuffer> from(Random random) {
        return parts -> {
            byte[] bytes = new byte[parts.remaining()];
            random.nextBytes(bytes);
            parts.put(bytes);
        };
    }

    private static byte[] bytes(CellShare share) {
        ByteBuffer copy = ByteBuffer.allocate(CellShare.LENGTH_BYTES);
        share.copyTo(copy);
        return copy.array();
    }

    @Test
    void any_two_shares_make_the_key_and_the_third_share() {
        for (int round = 0; round < 100; round++) {
            DataKey key = DataKey.random(secure);
            List<CellShare> shares = KeyShares.split(key, from(secure));
            for (int one = 0; one < 3; one++) {
                for (int other = 0; other < 3; other++) {
                    if (one != other) {
                        CellShare left = shares.get(one);
                        CellShare right = shares.get(other);
                        assertThat(KeyShares.join(left, right).orElseThrow().getEncoded())
                                .isEqualTo(key.getEncoded());
                        CellShare third = KeyShares.third(left, right).orElseThrow();
                        assertThat(third.cell()).isEqualTo(3 - one - other);
                        assertThat(bytes(third)).isEqualTo(bytes(shares.get(third.cell())));
                    }
                }
            }
        }
    }

    /** With the same randomness but another key: what differs is in the part that the cell lacks, or is hidden by it. */
    @Test
    void a_cell_cannot_tell_two_keys_apart() {
        byte[] zeros = new byte[DataKey.LENGTH_BYTES];
        byte[] ones = new byte[DataKey.LENGTH_BYTES];
        Arrays.fill(ones, (byte) -1);
        for (int cell = 0; cell < 3; cell++) {
            int[] ofZeros = new int[256];
            int[] ofOnes = new int[256];
            Random random = new Random(7);
            for (int round = 0; round < 4000; round++) {
                ofZeros[
                        bytes(KeyShares.split(DataKey.takeOver(zeros.clone()), from(random))
                                        .get(cell))[round % 64]
                                & 0xFF]++;
                ofOnes[
                        bytes(KeyShares.split(DataKey.takeOver(ones.clone()), from(random))
                                        .get(cell))[round % 64]
                                & 0xFF]++;
            }
            assertThat(chiSquare(ofZeros)).as("cell %d, key of zeros", cell).isLessThan(400);
            assertThat(chiSquare(ofOnes)).as("cell %d, key of ones", cell).isLessThan(400);
        }
    }

    private static double chiSquare(int[] counts) {
        double expected = 4000 / 256.0;
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    @Test
    void shares_of_two_splittings_make_no_key_not_even_of_the_same_key() {
        DataKey key = DataKey.random(secure);
        List<CellShare> first = KeyShares.split(key, from(secure));
        List<CellShare> second = KeyShares.split(key, from(secure));
        for (int one = 0; one < 3; one++) {
            assertThat(KeyShares.join(first.get(one), second.get((one + 1) % 3)))
                    .isEmpty();
            assertThat(KeyShares.third(first.get(one), second.get((one + 1) % 3)))
                    .isEmpty();
        }
    }

    @Test
    void zeros_are_no_share() {
        CellShare zeros = CellShare.copyOf(0, ByteBuffer.allocateDirect(64));
        CellShare moreZeros = CellShare.copyOf(1, ByteBuffer.allocateDirect(64));
        List<CellShare> shares = KeyShares.split(DataKey.random(secure), from(secure));
        assertThat(KeyShares.join(zeros, moreZeros)).isEmpty();
        assertThat(KeyShares.join(zeros, shares.get(1))).isEmpty();
        assertThat(KeyShares.third(shares.get(2), moreZeros)).isEmpty();
    }

    @Test
    void a_destroyed_share_gives_nothing_and_none_is_printed() {
        CellShare share = KeyShares.split(DataKey.random(secure), from(secure)).get(1);
        assertThat(share).hasToString("CellShare[1, redacted]");
        share.destroy();
        share.destroy();
        assertThatThrownBy(() -> share.copyTo(ByteBuffer.allocate(64))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void one_cell_has_one_share() {
        List<CellShare> shares = KeyShares.split(DataKey.random(secure), from(secure));
        assertThatThrownBy(() -> KeyShares.join(shares.get(1), shares.get(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CellShare.copyOf(3, ByteBuffer.allocate(64)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
