package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.now;

import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An older copy of the slot file, put in its place before a start. */
class RestoreTest extends RestoredFile {
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
}
