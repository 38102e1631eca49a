package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 6,000 keys (20,000 in the long form) held and destroyed on a file system of its own, which is then searched down to the raw device, together with
 * every epoch key that was rotated out meanwhile.
 */
@Isolated("a rotation of epoch keys gives way to any slot file that this JVM closes")
class ForensicIT {
    private static final int KEYS = Boolean.getBoolean("handoff.test.long") ? 20_000 : 6_000;
    private static final int GROUP = 500;
    private static final int LIVE = 50;
    private static final long IMAGE_BYTES = 320L << 20; // xfs takes no less than 300 MiB
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant EXPIRY = NOW.plusSeconds(86_400);
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    /** A key that was held, in both of its forms. */
    private static final class Held {
        final UUID id;
        final SlotReference slot;
        final byte[] clear;
        final byte[] wrapped;

        Held(UUID id, SlotReference slot, byte[] clear, byte[] wrapped) {
            this.id = id;
            this.slot = slot;
            this.clear = clear;
            this.wrapped = wrapped;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void destroyed_keys_are_neither_in_the_files_nor_on_the_device_and_live_ones_are(String fileSystem)
            throws Exception {
        List<String> make = fileSystem.equals("ext4") ? List.of("mkfs.ext4", "-q", "-F") : List.of("mkfs.xfs", "-q");
        try (LoopDevice loop = LoopDevice.mounted(directory, directory.resolve("image"), IMAGE_BYTES, make)) {
            Path file = loop.mountPoint().resolve("slots");
            Path keysetFile = loop.mountPoint().resolve("keyset");
            Patterns destroyed = new Patterns();
            Patterns wrappedLive = new Patterns();
            Patterns currentEpoch = new Patterns();
            Patterns clearLive = new Patterns();
            FileKeyset keyset = FileKeyset.openOrCreate(keysetFile, InstantSource.fixed(NOW));
            try (SlotFile custody =
                    SlotFile.open(new CustodySettings(file, 1024, 8192), keyset, InstantSource.fixed(NOW))) {
                assertThat(custody.readBack()).isEqualTo(ReadBack.DIRECT);
                List<Held> live = held(custody, file, LIVE);
                live.forEach(each -> destroyed.add(each.wrapped)); // the wrapping is replaced below
                for (int done = 0; done < KEYS; done += GROUP) {
                    List<Held> group = held(custody, file, GROUP);
                    if (done % 2000 == 0) {
                        destroyed.add(
                                keyset.key(keyset.currentEpoch()).orElseThrow().getEncoded());
                        RotationOutcome rotated = custody.rotate(NOW.plus(HOUR.multipliedBy(1 + done / 2000)), HOUR);
                        assertThat(rotated).isEqualTo(new RotationOutcome.Rotated(2 + done / 2000, LIVE + GROUP, 0));
                        group.forEach(each -> destroyed.add(wrapped(file, each.slot)));
                    }
                    group.forEach(each -> {
                        destroyed.add(each.clear);
                        destroyed.add(each.wrapped);
                    });
                    erase(custody, group);
                }
                for (Held each : live) {
                    assertThat(awaited(custody.key(each.slot, each.id))
                                    .orElseThrow()
                                    .getEncoded())
                            .isEqualTo(each.clear);
                    wrappedLive.add(wrapped(file, each.slot));
                    clearLive.add(each.clear);
                }
                currentEpoch.add(keyset.key(keyset.currentEpoch()).orElseThrow().getEncoded());
            }
            assertThat(destroyed.size()).isGreaterThan(2 * KEYS);
            assertThat(wrappedLive.found(file)).as("control: live, in the file").isEqualTo(LIVE);
            assertThat(currentEpoch.found(keysetFile)).as("control").isEqualTo(1);
            for (Path each : List.of(file, keysetFile)) {
                assertThat(destroyed.found(each)).as("destroyed, in %s", each).isZero();
                assertThat(clearLive.found(each)).as("unwrapped, in %s", each).isZero();
            }
            loop.unmount();
            for (Path raw : List.of(Path.of(loop.device()), loop.image())) {
                assertThat(wrappedLive.found(raw))
                        .as("control: live, on %s", raw)
                        .isGreaterThanOrEqualTo(LIVE);
                assertThat(currentEpoch.found(raw)).as("control: on %s", raw).isGreaterThanOrEqualTo(1);
                assertThat(clearLive.found(raw)).as("unwrapped, on %s", raw).isZero();
                assertThat(destroyed.found(raw)).as("destroyed, on %s", raw).isZero();
            }
        }
    }

    private static List<Held> held(SlotFile custody, Path file, int count) throws Exception {
        List<UUID> ids = new ArrayList<>();
        List<CompletableFuture<HoldOutcome>> holding = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(UUID.randomUUID());
            holding.add(custody.hold(ids.get(i), EXPIRY).toCompletableFuture());
        }
        List<Held> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HoldOutcome.Held outcome = (HoldOutcome.Held) holding.get(i).get(30, TimeUnit.SECONDS);
            held.add(new Held(ids.get(i), outcome.slot(), outcome.key().getEncoded(), wrapped(file, outcome.slot())));
        }
        return held;
    }

    private static void erase(SlotFile custody, List<Held> group) throws Exception {
        List<CompletableFuture<EraseOutcome>> erasing = new ArrayList<>();
        for (Held each : group) {
            erasing.add(custody.erase(each.slot, each.id, EraseReason.DELIVERED).toCompletableFuture());
        }
        for (int i = 0; i < group.size(); i++) {
            assertThat(erasing.get(i).get(30, TimeUnit.SECONDS)).isInstanceOf(EraseOutcome.Erased.class);
            assertThat(awaited(custody.free(group.get(i).slot, group.get(i).id)))
                    .isTrue();
        }
    }

    private static byte[] wrapped(Path file, SlotReference slot) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(SlotLayout.WRAPPED_KEY_BYTES);
            channel.read(bytes, SlotLayout.fileOffset(slot.slot()) + SlotLayout.KEY_AREA);
            return bytes.array();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Byte strings to be looked for at every offset, by their first 8 bytes. */
    private static final class Patterns {
        private static final int WINDOW = 8 << 20;
        private final Map<Long, List<byte[]>> byPrefix = new HashMap<>();
        /** A bit for each of the lowest 24 bits of a prefix: sorts out nearly every offset with one look. */
        private final long[] prefixes = new long[1 << 18];

        private int size;

        void add(byte[] pattern) {
            // A wrapping keeps its nonce when it is renewed: what makes it is the ciphertext behind it.
            byte[] own = pattern.length == SlotLayout.WRAPPED_KEY_BYTES
                    ? Arrays.copyOfRange(pattern, Aead.NONCE_BYTES, pattern.length)
                    : pattern;
            long prefix = ByteBuffer.wrap(own).order(ByteOrder.LITTLE_ENDIAN).getLong();
            byPrefix.computeIfAbsent(prefix, none -> new ArrayList<>()).add(own);
            prefixes[(int) (prefix & 0xFF_FFFF) >> 6] |= 1L << (prefix & 63);
            size++;
        }

        int size() {
            return size;
        }

        /** How many places begin like a pattern: 8 bytes of a key are enough to count as found. */
        int found(Path file) throws IOException {
            int found = 0;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                ByteBuffer window = ByteBuffer.allocateDirect(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
                long from = 0;
                while (true) {
                    window.clear();
                    int read = 0;
                    while (window.hasRemaining() && read >= 0) {
                        read = channel.read(window, from + window.position());
                    }
                    int end = window.position() - Long.BYTES;
                    for (int i = 0; i <= end; i++) {
                        long prefix = window.getLong(i);
                        if (prefix != 0
                                && (prefixes[(int) (prefix & 0xFF_FFFF) >> 6] & 1L << (prefix & 63)) != 0
                                && byPrefix.containsKey(prefix)) {
                            found++;
                        }
                    }
                    if (read < 0 || end < 0) {
                        return found;
                    }
                    from += end + 1;
                }
            }
        }
    }
}
