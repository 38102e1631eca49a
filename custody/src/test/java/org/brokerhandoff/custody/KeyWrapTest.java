package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;

/** Keys that are wrapped again while the epoch changes. */
class KeyWrapTest {
    @Test
    void every_mixture_of_the_old_and_the_new_words_opens() {
        SecureRandom random = new SecureRandom();
        DataKey first = DataKey.random(random);
        DataKey second = DataKey.random(random);
        KeyWrap wrap = new KeyWrap(new TwoEpochs(first, second));
        SlotReference slot = new SlotReference(7, 3);
        UUID id = UUID.randomUUID();
        DataKey key = DataKey.random(random);
        byte[] later = wrap.wrap(key, slot, id, 42);
        byte[] earlier = wrap.rewrap(key, later, 1, slot, id, 42).orElseThrow();
        assertThat(Arrays.copyOf(earlier, 12)).isEqualTo(Arrays.copyOf(later, 12));
        for (int laterWords = 0; laterWords < 256; laterWords++) {
            byte[] mixture = earlier.clone();
            for (int word = 0; word < 8; word++) {
                if ((laterWords >> word & 1) != 0) {
                    System.arraycopy(later, word * 8, mixture, word * 8, 8);
                }
            }
            assertThat(wrap.unwrap(mixture, slot, id, 42).orElseThrow().getEncoded())
                    .as("mixture %d", laterWords)
                    .isEqualTo(key.getEncoded());
            assertThat(wrap.unwrap(mixture, slot, id, 43)).isEmpty();
            mixture[20] ^= 1;
            assertThat(wrap.unwrap(mixture, slot, id, 42)).isEmpty();
        }
    }

    private record TwoEpochs(DataKey first, DataKey second) implements KeysetSource {
        @Override
        public int currentEpoch() {
            return 2;
        }

        @Override
        public Optional<SecretKey> key(int epoch) {
            return Optional.of(epoch == 1 ? first : second);
        }
    }

    @Test
    void a_thread_whose_first_epoch_key_was_destroyed_under_it_wraps_with_the_next_one() throws Exception {
        DataKey destroyed = DataKey.random(new SecureRandom());
        destroyed.destroy();
        DataKey next = DataKey.random(new SecureRandom());
        AtomicInteger asked = new AtomicInteger();
        KeysetSource rotatedMeanwhile = new KeysetSource() {
            @Override
            public int currentEpoch() {
                return asked.get() == 0 ? 1 : 2;
            }

            @Override
            public Optional<SecretKey> key(int epoch) {
                asked.incrementAndGet();
                return Optional.of(epoch == 1 ? destroyed : next);
            }
        };
        SlotReference slot = new SlotReference(7, 3);
        UUID id = UUID.randomUUID();
        DataKey key = DataKey.random(new SecureRandom());
        // A separate thread: it has used no cipher before.
        ExecutorService one = Executors.newSingleThreadExecutor();
        KeyWrap wrap = new KeyWrap(rotatedMeanwhile);
        byte[] keyArea = one.submit(() -> wrap.wrap(key, slot, id, 42)).get(30, TimeUnit.SECONDS);
        one.shutdown();
        assertThat(KeyWrap.epoch(keyArea)).isEqualTo(2);
        assertThat(wrap.unwrap(keyArea, slot, id, 42).orElseThrow().getEncoded())
                .isEqualTo(key.getEncoded());
    }
}
