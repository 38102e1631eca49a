package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.SlotBytes.contains;
import static org.brokerhandoff.custody.SlotBytes.hex;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.custody.FaultPoints.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochRotationTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant EXPIRY = NOW.plusSeconds(36_000);
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private FileKeyset keyset;
    private SlotFile ingest;
    private SlotFile router;
    private SlotBytes raw;

    @BeforeEach
    void open() {
        raw = new SlotBytes(file());
        keyset = FileKeyset.openOrCreate(keysetFile(), InstantSource.fixed(NOW));
        ingest = open(FaultPoints.NONE);
        router = SlotFile.open(settings(), FileKeyset.openOrCreate(keysetFile()), InstantSource.fixed(NOW));
    }

    @AfterEach
    void close() {
        ingest.close();
        router.close();
    }

    private SlotFile open(FaultPoints faultPoints) {
        return SlotFile.open(settings(), keyset, InstantSource.fixed(NOW), new SlotFile.Parts(null, faultPoints));
    }

    private CustodySettings settings() {
        return new CustodySettings(file(), 256, 8192);
    }

    private Path file() {
        return directory.resolve("slots");
    }

    private Path keysetFile() {
        return directory.resolve("keyset");
    }

    private static HoldOutcome.Held hold(SlotFile custody, UUID id) throws Exception {
        return (HoldOutcome.Held) custody.hold(id, EXPIRY).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static String key(SlotFile custody, SlotReference slot, UUID id) {
        return awaited(custody.key(slot, id))
                .map(key -> HexFormat.of().formatHex(key.getEncoded()))
                .orElse("none");
    }

    @Test
    void a_rotation_is_due_when_the_epoch_is_old_enough_or_the_clock_was_set_back() {
        assertThat(ingest.rotate(NOW.plusSeconds(3599), HOUR)).isEqualTo(new RotationOutcome.NotDue(1, NOW.plus(HOUR)));
        assertThat(ingest.rotate(NOW.plus(HOUR), HOUR)).isEqualTo(new RotationOutcome.Rotated(2, 0, 0));
        assertThat(router.rotate(NOW.plus(HOUR), HOUR))
                .isEqualTo(new RotationOutcome.NotDue(2, NOW.plus(HOUR).plus(HOUR)));
        assertThat(router.rotate(NOW, HOUR)).isEqualTo(new RotationOutcome.Rotated(3, 0, 0));
    }

    @Test
    void after_a_rotation_every_live_key_opens_in_both_processes_and_the_old_epoch_key_is_nowhere() throws Exception {
        byte[] oldEpoch = keyset.key(1).orElseThrow().getEncoded();
        Map<UUID, HoldOutcome.Held> held = new HashMap<>();
        List<byte[]> oldWrappings = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            UUID id = UUID.randomUUID();
            held.put(id, hold(ingest, id));
            oldWrappings.add(Arrays.copyOf(raw.keyArea(held.get(id).slot()), SlotLayout.WRAPPED_KEY_BYTES));
        }
        assertThat(ingest.rotate(NOW.plus(HOUR), HOUR)).isEqualTo(new RotationOutcome.Rotated(2, 100, 0));
        held.forEach((id, slot) -> {
            assertThat(key(ingest, slot.slot(), id)).isEqualTo(hex(slot.key()));
            assertThat(key(router, slot.slot(), id)).isEqualTo(hex(slot.key()));
            assertThat(KeyWrap.epoch(raw.keyArea(slot.slot()))).isEqualTo(2);
        });
        assertThat(contains(Files.readAllBytes(keysetFile()), oldEpoch)).isFalse();
        byte[] slots = Files.readAllBytes(file());
        for (byte[] old : oldWrappings) {
            // The nonce stays, nothing of what the old epoch's key opens does.
            assertThat(contains(slots, Arrays.copyOfRange(old, 12, 20))).isFalse();
        }
    }

    @Test
    void an_old_image_of_the_slot_file_opens_nothing_with_todays_keyset() throws Exception {
        UUID id = UUID.randomUUID();
        HoldOutcome.Held held = hold(ingest, id);
        byte[] image = Files.readAllBytes(file());
        ingest.rotate(NOW.plus(HOUR), HOUR);
        assertThat(key(ingest, held.slot(), id)).as("control").isEqualTo(hex(held.key()));
        ingest.close();
        router.close();
        Files.write(file(), image);
        try (SlotFile restored = open(FaultPoints.NONE)) {
            restored.serveKeysAfter((signups, mark, purged) -> {}, Duration.ZERO);
            assertThat(awaited(restored.read(held.slot()))).isPresent();
            assertThat(awaited(restored.key(held.slot(), id))).isEmpty();
            Instant first = NOW.plus(HOUR).plus(HOUR);
            for (Instant at : List.of(first, first.plusSeconds(3599))) {
                assertThat(restored.rotate(at, HOUR))
                        .as("the process may be mistaken about a key")
                        .isEqualTo(new RotationOutcome.Withheld(3, 0, 1));
                assertThat(keyset.epochs()).containsExactly(2, 3);
            }
            assertThat(restored.rotate(first.plus(HOUR), HOUR))
                    .as("what cannot be opened does not hold up rotations for ever")
                    .isEqualTo(new RotationOutcome.Rotated(3, 0, 1));
            assertThat(keyset.epochs()).containsExactly(3);
            assertThat(restored.rotate(first.plus(HOUR), HOUR)).isEqualTo(new RotationOutcome.Rotated(4, 0, 1));
        }
    }

    @Test
    void a_rotation_that_the_file_system_refused_before_any_sync_is_put_off_and_done_later() throws Exception {
        UUID id = UUID.randomUUID();
        HoldOutcome.Held held = hold(ingest, id);
        AtomicInteger refusals = new AtomicInteger(1);
        FileKeyset refusing = FileKeyset.openOrCreate(keysetFile(), InstantSource.fixed(NOW), step -> {
            if (step == Step.EPOCH_KEY_WRITTEN && refusals.getAndDecrement() > 0) {
                throw new UncheckedIOException(new IOException("too many open files"));
            }
        });
        try (SlotFile rotating = SlotFile.open(settings(), refusing, InstantSource.fixed(NOW))) {
            assertThatThrownBy(() -> rotating.rotate(NOW.plus(HOUR), HOUR))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("postponed")
                    .hasMessageContaining("too many open files");
            assertThat(rotating.failed()).isFalse();
            assertThat(rotating.rotate(NOW.plus(HOUR), HOUR)).isEqualTo(new RotationOutcome.Rotated(2, 1, 0));
            assertThat(key(ingest, held.slot(), id)).isEqualTo(hex(held.key()));
        }
    }

    @Test
    void holds_offers_and_erasures_go_on_during_rotations_and_no_key_is_lost_or_comes_back() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger rotations = new AtomicInteger();
        Map<UUID, HoldOutcome.Held> live = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> work = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            SlotFile mine = i % 2 == 0 ? ingest : router;
            work.add(threads.submit(() -> {
                for (int round = 0; !stop.get(); round++) {
                    UUID id = UUID.randomUUID();
                    HoldOutcome.Held held = hold(mine, id);
                    assertThat(key(router, held.slot(), id)).isEqualTo(hex(held.key()));
                    assertThat(router.offer(() -> true, held.slot(), id, 0, BrokerTag.of("fjord"))
                                    .toCompletableFuture()
                                    .get(30, TimeUnit.SECONDS))
                            .isEqualTo(new OfferOutcome.Offered(1));
                    if (round % 10 == 0 && live.size() < 1000) {
                        live.put(id, held);
                        continue;
                    }
                    assertThat(ingest.erase(held.slot(), id, EraseReason.DELIVERED)
                                    .toCompletableFuture()
                                    .get(30, TimeUnit.SECONDS))
                            .isInstanceOf(EraseOutcome.Erased.class);
                    assertThat(raw.keyArea(held.slot())).containsOnly(0);
                    assertThat(awaited(ingest.free(held.slot(), id))).isTrue();
                }
                return null;
            }));
            work.add(threads.submit(() -> {
                while (!stop.get()) {
                    live.forEach(
                            (id, held) -> assertThat(key(mine, held.slot(), id)).isEqualTo(hex(held.key())));
                }
            }));
        }
        work.add(threads.submit(() -> {
            Instant at = NOW;
            while (!stop.get()) {
                at = at.plus(HOUR);
                SlotFile rotating = rotations.get() % 2 == 0 ? ingest : router;
                if (rotating.rotate(at, HOUR) instanceof RotationOutcome.Rotated rotated) {
                    assertThat(rotated.unreadable()).isZero();
                    if (rotations.incrementAndGet() == 200) {
                        stop.set(true);
                    }
                }
            }
        }));
        try {
            for (Future<?> each : work) {
                each.get(120, TimeUnit.SECONDS);
            }
        } finally {
            stop.set(true);
            threads.shutdown();
        }
        assertThat(live).isNotEmpty();
        assertThat(keyset.epochs()).hasSize(1);
        live.forEach((id, held) -> assertThat(key(ingest, held.slot(), id)).isEqualTo(hex(held.key())));
    }

    @Test
    void a_hold_that_was_stopped_while_its_epoch_was_destroyed_is_put_under_the_new_one_before_it_is_reported()
            throws Exception {
        for (Step at : List.of(Step.CLAIMED, Step.FIELDS_WRITTEN, Step.HELD)) {
            CountDownLatch stopped = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            AtomicBoolean once = new AtomicBoolean();
            try (SlotFile slow = open(step -> {
                if (step == at && once.compareAndSet(false, true)) {
                    stopped.countDown();
                    try {
                        assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            })) {
                UUID id = UUID.randomUUID();
                ExecutorService one = Executors.newSingleThreadExecutor();
                Future<HoldOutcome.Held> holding = one.submit(() -> hold(slow, id));
                assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
                int before = keyset.currentEpoch();
                RotationOutcome.Rotated rotated =
                        (RotationOutcome.Rotated) router.rotate(NOW.plus(HOUR.multipliedBy(before)), HOUR);
                assertThat(keyset.epochs()).containsExactly(rotated.epoch());
                goOn.countDown();
                HoldOutcome.Held held = holding.get(30, TimeUnit.SECONDS);
                one.shutdown();
                assertThat(key(router, held.slot(), id)).as("stopped at %s", at).isEqualTo(hex(held.key()));
                assertThat(KeyWrap.epoch(raw.keyArea(held.slot()))).isEqualTo(rotated.epoch());
            }
        }
    }

    @Test
    void an_erasure_in_the_middle_of_a_rewrap_wins_at_every_word() throws Exception {
        for (int word = 0; word < 8; word++) {
            UUID id = UUID.randomUUID();
            HoldOutcome.Held held = hold(ingest, id);
            AtomicInteger written = new AtomicInteger(word);
            try (SlotFile rotating = open(step -> {
                boolean here = step == Step.REWRAP_BEGUN || step == Step.REWRAP_WORD_WRITTEN;
                if (here && written.getAndDecrement() == 0) {
                    try {
                        assertThat(ingest.erase(held.slot(), id, EraseReason.WITHDRAWN)
                                        .toCompletableFuture()
                                        .get(30, TimeUnit.SECONDS))
                                .isInstanceOf(EraseOutcome.Erased.class);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }
            })) {
                rotating.rotate(NOW.plus(HOUR.multipliedBy(keyset.currentEpoch())), HOUR);
            }
            assertThat(raw.keyArea(held.slot())).as("after %d words", word).containsOnly(0);
            assertThat(awaited(router.read(held.slot())).orElseThrow().state()).isEqualTo(SlotState.ERASED);
            assertThat(awaited(ingest.free(held.slot(), id))).isTrue();
        }
    }

    @Test
    void a_slot_that_a_crash_left_half_rewrapped_opens_at_once_and_is_finished_by_the_next_rotation() throws Exception {
        UUID id = UUID.randomUUID();
        HoldOutcome.Held held = hold(ingest, id);
        keyset.publish(keyset.prepare(NOW));
        byte[] old = raw.keyArea(held.slot());
        KeyWrap wrap = new KeyWrap(keyset);
        byte[] rewrapped = wrap.rewrap(held.key(), old, 2, held.slot(), id, EXPIRY.toEpochMilli())
                .orElseThrow();
        System.arraycopy(rewrapped, 0, old, 0, 32);
        raw.write(SlotLayout.fileOffset(held.slot().slot()) + SlotLayout.KEY_AREA, old);
        assertThat(key(router, held.slot(), id)).isEqualTo(hex(held.key()));
        assertThat(router.rotate(NOW, HOUR)).isEqualTo(new RotationOutcome.Rotated(2, 1, 0));
        assertThat(keyset.epochs()).containsExactly(2);
        assertThat(key(ingest, held.slot(), id)).isEqualTo(hex(held.key()));
    }

    @Test
    void a_rotation_that_another_one_is_doing_is_left_to_it() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        try (SlotFile rotating = open(step -> {
            if (step == Step.EPOCH_PUBLISHED) {
                Thread other = new Thread(() -> {
                    if (router.rotate(NOW.plus(HOUR), HOUR) instanceof RotationOutcome.Elsewhere) {
                        refused.incrementAndGet();
                    }
                });
                other.start();
                try {
                    other.join(30_000);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        })) {
            assertThat(rotating.rotate(NOW.plus(HOUR), HOUR)).isEqualTo(new RotationOutcome.Rotated(2, 0, 0));
        }
        assertThat(refused.get()).isEqualTo(1);
    }
}
