package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, and one that fails a sync: real ones, of a file system on a loop device. */
class DiskFaultIT {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant EXPIRY = NOW.plusSeconds(3600);
    private static final List<String> EXT4 = List.of("mkfs.ext4", "-q", "-F", "-m", "0");

    @TempDir
    Path directory;

    private static <T> T now(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static SlotFile open(Path mountPoint) {
        return SlotFile.open(
                new CustodySettings(mountPoint.resolve("slots"), 1024, 1 << 20),
                FileKeyset.openOrCreate(mountPoint.resolve("keyset")),
                InstantSource.fixed(NOW));
    }

    /** Until nothing more fits; the number of bytes written. */
    private static long fill(Path file, int piece) throws IOException {
        long written = 0;
        byte[] bytes = new byte[piece];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(bytes);
                written += piece;
            }
        } catch (IOException full) {
            return written;
        }
    }

    @Test
    void a_full_disk_refuses_new_keys_and_keeps_and_destroys_the_old_ones() throws Exception {
        try (LoopDevice loop = LoopDevice.mounted(directory, directory.resolve("image"), 16 << 20, EXT4);
                SlotFile custody = open(loop.mountPoint())) {
            Path filler = loop.mountPoint().resolve("filler");
            assertThat(fill(filler, 4096)).isPositive();
            Map<UUID, HoldOutcome.Held> held = new LinkedHashMap<>();
            List<UUID> ids = new ArrayList<>();
            List<CompletableFuture<HoldOutcome>> holding = new ArrayList<>();
            for (int i = 0; i < 1100; i++) {
                ids.add(UUID.randomUUID());
                holding.add(custody.hold(ids.get(i), EXPIRY).toCompletableFuture());
            }
            for (int i = 0; i < 1100; i++) {
                if (now(holding.get(i)) instanceof HoldOutcome.Held each) {
                    held.put(ids.get(i), each);
                }
            }
            assertThat(held).as("what the file had room for").hasSize(1024);
            assertThat(now(custody.hold(UUID.randomUUID(), EXPIRY))).isEqualTo(new HoldOutcome.Full());
            assertThat(custody.failed()).isFalse();
            for (Map.Entry<UUID, HoldOutcome.Held> each : held.entrySet()) {
                assertThat(awaited(custody.key(each.getValue().slot(), each.getKey()))
                                .orElseThrow()
                                .getEncoded())
                        .isEqualTo(each.getValue().key().getEncoded());
            }
            UUID first = ids.get(0);
            SlotReference slot = awaited(custody.find(first)).orElseThrow().reference();
            assertThat(now(custody.erase(slot, first, EraseReason.WITHDRAWN))).isInstanceOf(EraseOutcome.Erased.class);
            assertThat(awaited(custody.free(slot, first))).isTrue();
            assertThat(now(custody.hold(UUID.randomUUID(), EXPIRY))).isInstanceOf(HoldOutcome.Held.class);

            Files.delete(filler);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            HoldOutcome outcome = new HoldOutcome.Full();
            while (outcome instanceof HoldOutcome.Full && System.nanoTime() < deadline) {
                outcome = now(custody.hold(UUID.randomUUID(), EXPIRY));
            }
            assertThat(outcome).as("room again").isInstanceOf(HoldOutcome.Held.class);
        }
    }

    @Test
    void after_a_sync_that_the_disk_failed_nothing_is_reported_any_more() throws Exception {
        Path memory = Files.createDirectories(directory.resolve("memory"));
        assumeTrue(
                "root".equals(System.getProperty("user.name"))
                        && LoopDevice.run(List.of("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs"), memory.toString())
                                != null,
                "skipped: mounting a tmpfs needs root");
        try (LoopDevice loop = LoopDevice.mounted(directory, memory.resolve("image"), 64 << 20, EXT4);
                SlotFile custody = open(loop.mountPoint())) {
            UUID id = UUID.randomUUID();
            SlotReference slot = ((HoldOutcome.Held) now(custody.hold(id, EXPIRY))).slot();
            // The device loses its storage: what lies under it is given back, and then there is none left to take.
            assertThat(LoopDevice.run(
                            List.of("fallocate", "--punch-hole", "--offset", "0", "--length", "64MiB"),
                            memory.resolve("image").toString()))
                    .isNotNull();
            assertThat(fill(memory.resolve("filler"), 4096)).isPositive();

            assertFails(custody.hold(UUID.randomUUID(), EXPIRY));
            assertThat(custody.failed()).isTrue();
            assertThat(custody.failure().orElseThrow()).contains("could not be made durable");

            Files.delete(memory.resolve("filler"));
            assertFails(custody.hold(UUID.randomUUID(), EXPIRY));
            assertFails(custody.offer(() -> true, slot, id, 0, BrokerTag.of("fjord")));
            assertFails(custody.erase(slot, id, EraseReason.WITHDRAWN));
            assertThatThrownBy(() -> awaited(custody.key(slot, id))).isInstanceOf(CustodyException.class);
        } finally {
            LoopDevice.run(List.of("umount", "--lazy"), memory.toString());
        }
    }

    private static void assertFails(CompletionStage<?> stage) {
        assertThatThrownBy(() -> stage.toCompletableFuture().get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CustodyException.class);
    }
}
