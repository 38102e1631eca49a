package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.now;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An older copy of the slot file lacks restrictions and erasures that people have asked for since; the log has them. */
class RestoredRestrictionTest {
    private static final Instant NOW = Instant.parse("2026-11-29T13:00:00Z");
    private static final Instant EXPIRY = NOW.plusSeconds(3600);
    private static final Duration HOLD = Duration.ofHours(2);
    private static final BrokerTag FJORD = BrokerTag.of("fjord");
    private static final BrokerTag NORDLYS = BrokerTag.of("nordlys");

    @TempDir
    Path directory;

    private UUID id = UUID.randomUUID();

    private Path file() {
        return directory.resolve("slots");
    }

    private SlotFile open() {
        return SlotFile.open(
                new CustodySettings(file(), 64, 64),
                FileKeyset.openOrCreate(directory.resolve("keyset")),
                InstantSource.fixed(NOW));
    }

    private SlotReference hold(SlotFile custody) {
        return ((HoldOutcome.Held) now(custody.hold(id, EXPIRY))).slot();
    }

    private static PurgeHistory saying(Consumer<PurgeHistory.Handler> what) {
        return (signups, mark, handler) -> what.accept(handler);
    }

    private static OfferOutcome offered(SlotFile custody, SlotReference slot, UUID id, int attempts, BrokerTag broker) {
        return now(custody.offer(() -> true, slot, id, attempts, broker));
    }

    /** Restricted, and then the file from before is put back. */
    private SlotReference restoredFromBefore(int attempts) throws IOException {
        SlotReference slot;
        byte[] image;
        try (SlotFile custody = open()) {
            slot = hold(custody);
            for (int attempt = 0; attempt < attempts; attempt++) {
                assertThat(offered(custody, slot, id, attempt, FJORD)).isInstanceOf(OfferOutcome.Offered.class);
            }
            image = Files.readAllBytes(file());
            assertThat(now(custody.restrict(slot, id)))
                    .isInstanceOf(
                            attempts == 0 ? RestrictOutcome.Restricted.class : RestrictOutcome.HandoffStarted.class);
        }
        Files.write(file(), image);
        return slot;
    }

    @Test
    void a_restriction_that_the_log_has_is_there_again_before_anything_can_be_offered() throws Exception {
        for (int attempts : List.of(0, 2)) {
            Files.deleteIfExists(file());
            Files.deleteIfExists(directory.resolve("keyset"));
            SlotReference slot = restoredFromBefore(attempts);
            try (SlotFile custody = open()) {
                assertThat(awaited(custody.find(id)).orElseThrow().restricted()).isFalse();
                assertThatThrownBy(() -> offered(custody, slot, id, attempts, NORDLYS))
                        .as("not before the comparison")
                        .isInstanceOf(AssertionError.class);
                assertThat(custody.serveKeysAfter(saying(log -> log.restricted(id)), HOLD))
                        .isZero();
                assertThat(offered(custody, slot, id, attempts, FJORD)).isInstanceOf(OfferOutcome.Restricted.class);
                assertThat(awaited(custody.key(slot, id))).isPresent();
            }
            // It is in the file, not in this process's memory.
            try (SlotFile custody = open()) {
                assertThat(custody.serveKeysAfter(saying(log -> {}), HOLD)).isZero();
                assertThat(offered(custody, slot, id, attempts, FJORD)).isInstanceOf(OfferOutcome.Restricted.class);
                assertThat(now(custody.lift(slot, id))).isInstanceOf(LiftOutcome.Lifted.class);
                assertThat(offered(custody, slot, id, attempts, FJORD))
                        .isEqualTo(new OfferOutcome.Offered(attempts + 1));
            }
        }
    }

    @Test
    void other_signups_are_left_alone() throws Exception {
        SlotReference slot = restoredFromBefore(0);
        try (SlotFile custody = open()) {
            assertThat(custody.serveKeysAfter(saying(log -> log.restricted(UUID.randomUUID())), HOLD))
                    .isZero();
            assertThat(offered(custody, slot, id, 0, FJORD)).isEqualTo(new OfferOutcome.Offered(1));
        }
    }

    /** Ingest was killed between custody and the event: the person has no answer, and may have been told nothing of it. */
    @Test
    void a_restriction_of_which_the_log_has_nothing_stays() {
        SlotReference slot;
        try (SlotFile custody = open()) {
            slot = hold(custody);
            assertThat(now(custody.restrict(slot, id))).isInstanceOf(RestrictOutcome.Restricted.class);
        }
        try (SlotFile custody = open()) {
            assertThat(custody.serveKeysAfter(saying(log -> {}), HOLD)).isZero();
            assertThat(offered(custody, slot, id, 0, FJORD)).isInstanceOf(OfferOutcome.Restricted.class);
            assertThat(awaited(custody.usage()).restricted()).isEqualTo(1);
            assertThat(now(custody.restrict(slot, id)))
                    .as("the request made again")
                    .isInstanceOf(RestrictOutcome.AlreadyRestricted.class);
        }
    }

    /** The refusal came behind the end of what was read first; the second reading has it. */
    @Test
    void a_restriction_that_is_lifted_during_the_comparison_does_not_come_back() {
        for (boolean before : new boolean[] {true, false}) {
            id = UUID.randomUUID();
            SlotReference slot;
            try (SlotFile custody = open()) {
                slot = hold(custody);
                if (before) {
                    assertThat(now(custody.restrict(slot, id))).isInstanceOf(RestrictOutcome.Restricted.class);
                }
            }
            try (SlotFile ingest = open();
                    SlotFile router = open()) {
                AtomicInteger readings = new AtomicInteger();
                assertThat(router.serveKeysAfter(
                                saying(log -> {
                                    if (readings.getAndIncrement() == 0) {
                                        if (!before) {
                                            // After the slots were looked at.
                                            assertThat(now(ingest.restrict(slot, id)))
                                                    .isInstanceOf(RestrictOutcome.Restricted.class);
                                        }
                                        assertThat(now(ingest.lift(slot, id))).isInstanceOf(LiftOutcome.Lifted.class);
                                        log.restricted(id);
                                    }
                                }),
                                HOLD))
                        .isZero();
                assertThat(readings).hasValue(2);
                assertThat(awaited(router.usage()).restricted()).isZero();
                assertThat(offered(router, slot, id, 0, FJORD)).isEqualTo(new OfferOutcome.Offered(1));
            }
        }
    }

    @Test
    void a_restriction_that_comes_during_the_comparison_stays_and_the_log_is_not_read_again_for_it() {
        SlotReference slot;
        try (SlotFile custody = open()) {
            slot = hold(custody);
        }
        try (SlotFile ingest = open();
                SlotFile router = open()) {
            AtomicInteger readings = new AtomicInteger();
            assertThat(router.serveKeysAfter(
                            saying(log -> {
                                readings.incrementAndGet();
                                assertThat(now(ingest.restrict(slot, id)))
                                        .isInstanceOf(RestrictOutcome.Restricted.class);
                                log.restricted(id);
                            }),
                            HOLD))
                    .isZero();
            assertThat(readings).hasValue(1);
            assertThat(awaited(router.usage()).restricted()).isEqualTo(1);
            assertThat(now(ingest.lift(slot, id))).isInstanceOf(LiftOutcome.Lifted.class);
        }
    }

    @Test
    void an_erasure_that_was_asked_for_is_done_again_and_its_withdrawal_left_to_be_published() throws Exception {
        byte[] image;
        try (SlotFile custody = open()) {
            SlotReference slot = hold(custody);
            image = Files.readAllBytes(file());
            assertThat(now(custody.erase(slot, id, EraseReason.WITHDRAWN))).isInstanceOf(EraseOutcome.Erased.class);
        }
        for (boolean withdrawalInLog : new boolean[] {false, true}) {
            Files.write(file(), image);
            try (SlotFile custody = open()) {
                assertThat(custody.serveKeysAfter(
                                saying(log -> {
                                    log.erasureRequested(id);
                                    if (withdrawalInLog) {
                                        log.ended(id, EraseReason.WITHDRAWN);
                                    }
                                    log.restricted(id);
                                }),
                                HOLD))
                        .isZero();
                assertThat(awaited(custody.erased())).singleElement().satisfies(view -> {
                    assertThat(view.signupId()).isEqualTo(id);
                    assertThat(view.reason()).contains(EraseReason.WITHDRAWN);
                    assertThat(view.recorded()).isEqualTo(withdrawalInLog);
                });
            }
        }
    }

    @Test
    void a_signup_that_was_delivered_before_its_erasure_was_asked_for_stays_delivered() throws Exception {
        byte[] image;
        try (SlotFile custody = open()) {
            SlotReference slot = hold(custody);
            assertThat(offered(custody, slot, id, 0, FJORD)).isEqualTo(new OfferOutcome.Offered(1));
            image = Files.readAllBytes(file());
            assertThat(now(custody.erase(slot, id, EraseReason.DELIVERED))).isInstanceOf(EraseOutcome.Erased.class);
        }
        Files.write(file(), image);
        try (SlotFile custody = open()) {
            assertThat(custody.serveKeysAfter(
                            saying(log -> {
                                log.erasureRequested(id);
                                log.ended(id, EraseReason.DELIVERED);
                            }),
                            HOLD))
                    .isZero();
            assertThat(awaited(custody.erased()))
                    .singleElement()
                    .satisfies(view -> assertThat(view.reason()).contains(EraseReason.DELIVERED));
        }
    }
}
