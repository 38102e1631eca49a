package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An older copy of the slot file, put in its place before a start or under running processes. */
class RestoreTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant EXPIRY = NOW.plusSeconds(3600);
    private static final Duration HOLD = Duration.ofHours(2);
    private static final PurgeHistory NO_PURGES = (signups, mark, handler) -> {};
    private static final BrokerTag FJORD = BrokerTag.of("fjord");

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("slots");
    }

    private SlotFile open() {
        return SlotFile.open(
                new CustodySettings(file(), 64, 64),
                FileKeyset.openOrCreate(directory.resolve("keyset")),
                InstantSource.fixed(NOW));
    }

    private static <T> T now(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static SlotReference hold(SlotFile custody, UUID id) {
        return ((HoldOutcome.Held) now(custody.hold(id, EXPIRY))).slot();
    }

    private static void purge(SlotFile custody, SlotReference slot, UUID id) {
        assertThat(now(custody.erase(slot, id, EraseReason.DELIVERED))).isInstanceOf(EraseOutcome.Erased.class);
        assertThat(awaited(custody.free(slot, id))).isTrue();
    }

    private static void assertRefusesEverything(SlotFile custody, SlotReference slot, UUID id) {
        assertThatThrownBy(() -> awaited(custody.key(slot, id))).isInstanceOf(CustodyException.class);
        assertThatThrownBy(() -> awaited(custody.read(slot))).isInstanceOf(CustodyException.class);
        assertThatThrownBy(() -> awaited(custody.find(id))).isInstanceOf(CustodyException.class);
        assertThatThrownBy(() -> awaited(custody.erased())).isInstanceOf(CustodyException.class);
        assertThatThrownBy(() -> custody.sweep(NOW)).isInstanceOf(CustodyException.class);
        assertFails(custody.hold(UUID.randomUUID(), EXPIRY));
        assertFails(custody.offer(() -> true, slot, id, 0, BrokerTag.of("fjord")));
        assertFails(custody.erase(slot, id, EraseReason.WITHDRAWN));
        assertThat(custody.failed()).isTrue();
        assertThat(custody.failure().orElseThrow()).contains("was changed from outside");
    }

    private static void assertFails(CompletionStage<?> stage) {
        assertThatThrownBy(() -> stage.toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CustodyException.class);
    }

    @Test
    void purged_slots_that_an_older_copy_brings_back_are_destroyed_again_before_any_key_is_served() throws Exception {
        UUID purged = UUID.randomUUID();
        UUID erased = UUID.randomUUID();
        UUID live = UUID.randomUUID();
        SlotReference purgedSlot;
        SlotReference erasedSlot;
        SlotReference liveSlot;
        byte[] image;
        try (SlotFile custody = open()) {
            purgedSlot = hold(custody, purged);
            erasedSlot = hold(custody, erased);
            liveSlot = hold(custody, live);
            assertThat(now(custody.erase(erasedSlot, erased, EraseReason.WITHDRAWN)))
                    .isInstanceOf(EraseOutcome.Erased.class);
            image = Files.readAllBytes(file());
            purge(custody, purgedSlot, purged);
            assertThat(awaited(custody.free(erasedSlot, erased))).isTrue();
        }
        Files.write(file(), image);
        List<Map<UUID, Instant>> asked = new ArrayList<>();
        try (SlotFile custody = open()) {
            assertThat(custody.serving()).isFalse();
            assertThatThrownBy(() -> awaited(custody.key(purgedSlot, purged))).isInstanceOf(CustodyException.class);
            assertThatThrownBy(() -> custody.serveKeysAfter(
                            (signups, mark, handler) -> {
                                throw new IllegalStateException("Kafka is away");
                            },
                            HOLD))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> awaited(custody.key(liveSlot, live))).isInstanceOf(CustodyException.class);

            PurgeHistory purges = (signups, mark, handler) -> {
                asked.add(signups);
                handler.purged(purged, purgedSlot.slot(), purgedSlot.generation());
                handler.purged(erased, erasedSlot.slot(), erasedSlot.generation());
                handler.purged(live, liveSlot.slot(), liveSlot.generation() + 1);
                handler.purged(UUID.randomUUID(), liveSlot.slot(), liveSlot.generation());
                handler.purged(live, -1, 0);
                handler.purged(live, 1_000_000, 1);
            };
            assertThat(custody.serveKeysAfter(purges, HOLD))
                    .as("the erased one may have been there all the time")
                    .isEqualTo(1);
            assertThat(asked)
                    .as("erased ones may have come back live")
                    .containsExactly(
                            Map.of(purged, EXPIRY.minus(HOLD), erased, EXPIRY.minus(HOLD), live, EXPIRY.minus(HOLD)));
            assertThat(awaited(custody.key(purgedSlot, purged))).isEmpty();
            assertThat(awaited(custody.read(purgedSlot))).isEmpty();
            assertThat(awaited(custody.erased())).isEmpty();
            assertThat(awaited(custody.key(liveSlot, live))).isPresent();
        }
        byte[] keyArea = new byte[SlotLayout.KEY_AREA_BYTES];
        System.arraycopy(
                Files.readAllBytes(file()),
                (int) SlotLayout.fileOffset(purgedSlot.slot()) + SlotLayout.KEY_AREA,
                keyArea,
                0,
                keyArea.length);
        assertThat(keyArea).containsOnly(0);
    }

    @Test
    void a_live_slot_whose_end_is_in_the_log_is_erased_with_that_reason_and_left_to_be_purged() throws Exception {
        UUID delivered = UUID.randomUUID();
        UUID withdrawn = UUID.randomUUID();
        UUID undeliverable = UUID.randomUUID();
        UUID both = UUID.randomUUID();
        UUID live = UUID.randomUUID();
        UUID purged = UUID.randomUUID();
        SlotReference liveSlot;
        SlotReference purgedSlot;
        byte[] image;
        try (SlotFile custody = open()) {
            assertThat(now(custody.offer(() -> true, hold(custody, delivered), delivered, 0, FJORD)))
                    .isEqualTo(new OfferOutcome.Offered(1));
            for (UUID each : List.of(withdrawn, undeliverable, both)) {
                hold(custody, each);
            }
            liveSlot = hold(custody, live);
            purgedSlot = hold(custody, purged);
            image = Files.readAllBytes(file());
            assertThat(now(custody.erase(
                            awaited(custody.find(withdrawn)).orElseThrow().reference(),
                            withdrawn,
                            EraseReason.WITHDRAWN)))
                    .isInstanceOf(EraseOutcome.Erased.class);
        }
        Files.write(file(), image);
        try (SlotFile custody = open()) {
            PurgeHistory history = (signups, mark, handler) -> {
                handler.ended(both, EraseReason.WITHDRAWN);
                handler.ended(withdrawn, EraseReason.WITHDRAWN);
                handler.ended(delivered, EraseReason.DELIVERED);
                handler.ended(undeliverable, EraseReason.UNDELIVERABLE);
                handler.ended(both, EraseReason.DELIVERED);
                handler.ended(UUID.randomUUID(), EraseReason.DELIVERED);
                // Its purge comes later in the log: nothing is to be published for it again.
                handler.ended(purged, EraseReason.DELIVERED);
                handler.purged(purged, purgedSlot.slot(), purgedSlot.generation());
            };
            assertThat(custody.serveKeysAfter(history, HOLD)).isEqualTo(1);
            assertThat(awaited(custody.read(purgedSlot))).isEmpty();
            assertThat(awaited(custody.key(liveSlot, live))).isPresent();
            Map<UUID, Optional<EraseReason>> erased = new HashMap<>();
            for (SlotView view : awaited(custody.erased())) {
                erased.put(view.signupId(), view.reason());
                assertThat(view.recorded())
                        .as("a withdrawal that is in the log is not published again")
                        .isEqualTo(view.signupId().equals(withdrawn));
                assertThat(view.attempt()).isEqualTo(view.signupId().equals(delivered) ? 1 : 0);
            }
            assertThat(erased)
                    .isEqualTo(Map.of(
                            delivered, Optional.of(EraseReason.DELIVERED),
                            withdrawn, Optional.of(EraseReason.WITHDRAWN),
                            undeliverable, Optional.of(EraseReason.UNDELIVERABLE),
                            both, Optional.of(EraseReason.DELIVERED)));
        }
    }

    @Test
    void a_purged_slot_that_expires_before_the_comparison_is_not_purged_again() throws Exception {
        UUID purged = UUID.randomUUID();
        SlotReference slot;
        byte[] image;
        try (SlotFile custody = open()) {
            slot = hold(custody, purged);
            image = Files.readAllBytes(file());
            purge(custody, slot, purged);
        }
        Files.write(file(), image);
        try (SlotFile ingest = open()) {
            assertThat(ingest.sweep(EXPIRY).expired()).isEqualTo(1);
            try (SlotFile router = open()) {
                for (SlotFile each : List.of(ingest, router)) {
                    assertThat(each.serving()).isFalse();
                }
                PurgeHistory history =
                        (signups, mark, handler) -> handler.purged(purged, slot.slot(), slot.generation());
                assertThat(router.serveKeysAfter(history, HOLD)).isZero();
                assertThat(awaited(router.erased())).isEmpty();
                assertThat(awaited(ingest.read(slot))).isEmpty();
            }
        }
    }

    @Test
    void the_log_is_not_asked_when_no_slot_is_in_use() {
        try (SlotFile custody = open()) {
            UUID id = UUID.randomUUID();
            purge(custody, hold(custody, id), id);
        }
        try (SlotFile custody = open()) {
            assertThat(custody.serving()).isTrue();
            assertThat(custody.serveKeysAfter(
                            (signups, mark, handler) -> {
                                throw new AssertionError("asked");
                            },
                            HOLD))
                    .isZero();
        }
    }

    @Test
    void an_older_copy_written_over_the_file_gives_nothing_back_in_any_process_and_stops_them_all() throws Exception {
        UUID purged = UUID.randomUUID();
        UUID live = UUID.randomUUID();
        try (SlotFile ingest = open();
                SlotFile router = open()) {
            SlotReference purgedSlot = hold(ingest, purged);
            SlotReference liveSlot = hold(ingest, live);
            assertThat(awaited(router.key(purgedSlot, purged))).isPresent();
            byte[] image = Files.readAllBytes(file());
            purge(router, purgedSlot, purged);
            // As cp does it, but without the moment in which the file is empty: that is the next test's.
            overwrite(image);
            assertRefusesEverything(ingest, purgedSlot, purged);
            assertRefusesEverything(router, liveSlot, live);
        }
    }

    /** Whether custody refuses; otherwise it has none. */
    private static boolean refusesKey(SlotFile custody, SlotReference slot, UUID signupId) {
        try {
            assertThat(awaited(custody.key(slot, signupId))).isEmpty();
            return false;
        } catch (CustodyException e) {
            return true;
        }
    }

    @Test
    void a_copy_that_empties_the_file_first_gives_nothing_back_to_a_reader_that_never_stops_asking() throws Exception {
        UUID purged = UUID.randomUUID();
        try (SlotFile ingest = open();
                SlotFile router = open()) {
            SlotReference slot = hold(ingest, purged);
            byte[] image = Files.readAllBytes(file());
            purge(router, slot, purged);
            CountDownLatch asking = new CountDownLatch(1);
            ExecutorService reader = Executors.newSingleThreadExecutor();
            Future<String> end = reader.submit(() -> {
                while (true) {
                    try {
                        if (refusesKey(router, slot, purged)) {
                            return "refused";
                        }
                        asking.countDown();
                    } catch (InternalError e) {
                        // The virtual machine reports the fault of a page that is gone when it gets to it, perhaps only
                        // after the call
                        // has returned. Nothing was given back, and a repeated call is refused.
                    }
                }
            });
            assertThat(asking.await(30, TimeUnit.SECONDS)).isTrue();
            Files.write(file(), image); // truncates, then writes, as cp does
            assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo("refused");
            reader.shutdown();
            assertThat(router.failed()).isTrue();
            assertRefusesEverything(ingest, slot, purged);
        }
    }

    @Test
    void a_process_that_has_the_file_open_notices_also_after_another_has_opened_the_older_copy() throws Exception {
        UUID purged = UUID.randomUUID();
        try (SlotFile running = open()) {
            SlotReference slot = hold(running, purged);
            byte[] image = Files.readAllBytes(file());
            purge(running, slot, purged);
            overwrite(image);
            try (SlotFile started = open()) {
                assertThat(started.serving()).isFalse();
                assertThat(started.serveKeysAfter(
                                (signups, mark, handler) -> handler.purged(purged, slot.slot(), slot.generation()),
                                HOLD))
                        .isEqualTo(1);
                assertThat(hold(started, UUID.randomUUID())).isNotNull();
                assertRefusesEverything(running, slot, purged);
                assertThat(awaited(started.key(slot, purged))).isEmpty();
                assertThat(started.failed()).isFalse();
            }
        }
    }

    @Test
    void a_sync_of_a_running_process_during_a_start_is_not_taken_for_an_older_copy() {
        UUID id = UUID.randomUUID();
        try (SlotFile running = open()) {
            SlotReference slot = hold(running, id);
            RotatingKeyset keyset = FileKeyset.openOrCreate(directory.resolve("keyset"));
            RotatingKeyset slow = (RotatingKeyset) Proxy.newProxyInstance(
                    RestoreTest.class.getClassLoader(),
                    new Class<?>[] {RotatingKeyset.class},
                    (proxy, method, args) -> {
                        if (method.getName().equals("slotFileSerial")) {
                            hold(running, UUID.randomUUID());
                        }
                        return method.invoke(keyset, args);
                    });
            try (SlotFile started =
                    SlotFile.open(new CustodySettings(file(), 64, 64), slow, InstantSource.fixed(NOW))) {
                assertThat(started.failed()).isFalse();
                assertThat(awaited(running.key(slot, id))).isPresent();
                assertThat(running.failed()).isFalse();
            }
        }
    }

    @Test
    void two_services_that_start_together_over_an_older_copy_both_run() throws Exception {
        ExecutorService both = Executors.newFixedThreadPool(2);
        for (int round = 0; round < 20; round++) {
            UUID live = UUID.randomUUID();
            byte[] image;
            SlotReference slot;
            try (SlotFile custody = open()) {
                slot = hold(custody, live);
                image = Files.readAllBytes(file());
                hold(custody, UUID.randomUUID());
            }
            Files.write(file(), image);
            CountDownLatch together = new CountDownLatch(2);
            Callable<SlotFile> start = () -> {
                together.countDown();
                assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
                return open();
            };
            List<Future<SlotFile>> started = both.invokeAll(List.of(start, start));
            try (SlotFile ingest = started.get(0).get();
                    SlotFile router = started.get(1).get()) {
                for (SlotFile each : List.of(ingest, router)) {
                    assertThat(each.serveKeysAfter(NO_PURGES, HOLD)).isZero();
                    assertThat(awaited(each.key(slot, live))).isPresent();
                }
            }
        }
        both.shutdown();
    }

    @Test
    void a_file_put_in_its_place_is_noticed_by_the_next_sweep_or_sync() throws Exception {
        UUID id = UUID.randomUUID();
        for (boolean bySweep : new boolean[] {true, false}) {
            try (SlotFile running = open()) {
                assertThat(running.serveKeysAfter(NO_PURGES, HOLD)).isZero();
                SlotReference slot = hold(running, id);
                Path copy = directory.resolve("copy");
                Files.write(copy, Files.readAllBytes(file()));
                Files.move(copy, file(), StandardCopyOption.REPLACE_EXISTING);
                if (bySweep) {
                    assertThatThrownBy(() -> running.sweep(NOW))
                            .isInstanceOf(CustodyException.class)
                            .hasMessageContaining("another file now has its name");
                } else {
                    assertFails(running.hold(UUID.randomUUID(), EXPIRY));
                }
                assertThatThrownBy(() -> awaited(running.key(slot, id))).isInstanceOf(CustodyException.class);
                assertThat(running.failed()).isTrue();
            }
        }
    }

    @Test
    void a_file_that_was_removed_or_truncated_under_a_process_stops_it() throws Exception {
        UUID id = UUID.randomUUID();
        try (SlotFile running = open()) {
            SlotReference slot = hold(running, id);
            try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
                channel.truncate(SlotLayout.HEADER_BYTES);
            }
            assertThatThrownBy(() -> running.sweep(NOW))
                    .isInstanceOf(CustodyException.class)
                    .hasMessageContaining("truncated");
            assertThatThrownBy(() -> awaited(running.key(slot, id))).isInstanceOf(CustodyException.class);
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("truncated, it has 0 slots and had 64");
        Files.delete(file());
        assertThatThrownBy(this::open)
                .as("a new file under the old keyset")
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("belongs to slot file");
    }

    @Test
    void a_slot_file_under_another_keyset_is_refused() throws Exception {
        open().close();
        Files.delete(directory.resolve("keyset"));
        assertThatThrownBy(this::open)
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("wrapped under keyset");
    }

    @Test
    void a_slot_with_a_wrong_checksum_gives_nothing_whatever_field_was_damaged() throws Exception {
        for (int field :
                new int[] {SlotLayout.SIGNUP_ID_HIGH, SlotLayout.SIGNUP_ID_LOW, SlotLayout.EXPIRY, SlotLayout.CHECKSUM
                }) {
            UUID id = UUID.randomUUID();
            try (SlotFile custody = open()) {
                assertThat(custody.serveKeysAfter(NO_PURGES, HOLD)).isZero();
                SlotReference slot = hold(custody, id);
                byte[] before = Files.readAllBytes(file());
                int at = (int) SlotLayout.fileOffset(slot.slot()) + field;
                overwrite(at, new byte[] {(byte) ~before[at]});
                assertThat(awaited(custody.key(slot, id)))
                        .as("field at %d", field)
                        .isEmpty();
                assertThat(awaited(custody.read(slot))).isEmpty();
                assertThat(awaited(custody.find(id))).isEmpty();
                assertThat(now(custody.offer(() -> true, slot, id, 0, BrokerTag.of("fjord"))))
                        .isEqualTo(new OfferOutcome.Gone());
                assertThat(custody.sweep(NOW).damaged()).isEqualTo(1);
                assertThat(Arrays.copyOfRange(
                                Files.readAllBytes(file()),
                                (int) SlotLayout.fileOffset(slot.slot()) + SlotLayout.KEY_AREA,
                                (int) SlotLayout.fileOffset(slot.slot()) + SlotLayout.ERASED_AT))
                        .containsOnly(0);
            }
        }
    }

    private void overwrite(byte[] image) throws IOException {
        overwrite(0, image);
    }

    private void overwrite(long at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }
}
