package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotRestrictionTest {
    private static final int ROUNDS = Boolean.getBoolean("handoff.test.long") ? 10_000 : 2_000;

    private static final Instant NOW = Instant.parse("2026-11-29T13:00:00Z");
    private static final Instant EXPIRY = NOW.plusSeconds(3600);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final BrokerTag FJORD = BrokerTag.of("fjord-markets");
    private static final BrokerTag NORDLYS = BrokerTag.of("nordlys-invest");
    private static final int VERSION_AT = 8;

    @TempDir
    Path directory;

    private final UUID id = UUID.randomUUID();
    private FileKeyset keyset;
    private SlotFile ingest;
    private SlotFile router;

    @BeforeEach
    void open() {
        keyset = FileKeyset.openOrCreate(directory.resolve("keyset"), InstantSource.fixed(NOW));
        ingest = open(SlotFile.Parts.REAL);
        router = open(SlotFile.Parts.REAL);
    }

    @AfterEach
    void close() {
        ingest.close();
        router.close();
    }

    private SlotFile open(SlotFile.Parts parts) {
        return SlotFile.open(new CustodySettings(file(), 32, 4096), keyset, InstantSource.fixed(NOW), parts);
    }

    private Path file() {
        return directory.resolve("slots");
    }

    private static <T> T now(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private HoldOutcome.Held hold(UUID signupId) {
        return (HoldOutcome.Held) now(ingest.hold(signupId, EXPIRY));
    }

    private OfferOutcome offer(SlotReference slot, int attempts, BrokerTag broker) {
        return now(router.offer(() -> true, slot, id, attempts, broker));
    }

    // ------------------------------------------------------------ the states

    @Test
    void a_restricted_slot_is_offered_to_no_broker_until_the_restriction_is_lifted() {
        HoldOutcome.Held held = hold(id);
        SlotReference slot = held.slot();
        SlotView restricted = ((RestrictOutcome.Restricted) now(ingest.restrict(slot, id))).view();
        assertThat(restricted.state()).isEqualTo(SlotState.HELD);
        assertThat(restricted.restricted()).isTrue();
        assertThat(restricted.attempt()).isZero();
        assertThat(awaited(router.read(slot))).contains(restricted);
        assertThat(awaited(router.find(id))).contains(restricted);
        for (BrokerTag broker : new BrokerTag[] {FJORD, NORDLYS}) {
            assertThat(offer(slot, 0, broker)).isEqualTo(new OfferOutcome.Restricted(restricted));
        }
        assertThat(now(router.restrict(slot, id))).isEqualTo(new RestrictOutcome.AlreadyRestricted(restricted));
        assertThat(hex(awaited(router.key(slot, id)).orElseThrow())).isEqualTo(hex(held.key()));
        assertThat(hex(now(router.heldKey(slot, id)).orElseThrow())).isEqualTo(hex(held.key()));
        assertThat(awaited(router.usage()).live()).isEqualTo(1);

        SlotView lifted = ((LiftOutcome.Lifted) now(ingest.lift(slot, id))).view();
        assertThat(lifted.restricted()).isFalse();
        assertThat(awaited(router.read(slot))).contains(lifted);
        assertThat(now(router.lift(slot, id))).isEqualTo(new LiftOutcome.NotRestricted(lifted));
        assertThat(offer(slot, 0, FJORD)).isEqualTo(new OfferOutcome.Offered(1));
    }

    @Test
    void a_slot_that_was_offered_says_so_and_allows_no_further_attempt_by_any_broker() {
        SlotReference slot = hold(id).slot();
        offer(slot, 0, FJORD);
        SlotView started = ((RestrictOutcome.HandoffStarted) now(ingest.restrict(slot, id))).view();
        assertThat(started.state()).isEqualTo(SlotState.OFFERED);
        assertThat(started.restricted()).isTrue();
        assertThat(started.broker()).isEqualTo(FJORD);
        assertThat(started.attempt()).isEqualTo(1);
        assertThat(now(router.restrict(slot, id))).isEqualTo(new RestrictOutcome.HandoffStarted(started));
        assertThat(offer(slot, 1, FJORD)).isEqualTo(new OfferOutcome.Restricted(started));
        assertThat(offer(slot, 1, NORDLYS)).isEqualTo(new OfferOutcome.Restricted(started));
        assertThat(offer(slot, 0, NORDLYS)).as("the caller plans again").isEqualTo(new OfferOutcome.Changed());
        assertThat(awaited(router.key(slot, id))).isPresent();

        assertThat(now(router.lift(slot, id))).isInstanceOf(LiftOutcome.Lifted.class);
        assertThat(offer(slot, 1, NORDLYS)).isEqualTo(new OfferOutcome.Offered(2));
    }

    @Test
    void a_restricted_slot_is_erased_and_expires_as_any_and_the_next_one_in_it_is_not_restricted() {
        for (boolean offered : new boolean[] {false, true}) {
            for (boolean expires : new boolean[] {false, true}) {
                UUID signup = UUID.randomUUID();
                SlotReference slot = hold(signup).slot();
                if (offered) {
                    now(router.offer(() -> true, slot, signup, 0, FJORD));
                }
                now(ingest.restrict(slot, signup));
                assertThat(awaited(ingest.free(slot, signup))).isFalse();
                if (expires) {
                    assertThat(router.sweep(EXPIRY.minusMillis(1)).expired()).isZero();
                    assertThat(router.sweep(EXPIRY)).isEqualTo(new SweepResult(1, 0, 0, 0));
                } else {
                    assertThat(now(ingest.erase(slot, signup, EraseReason.WITHDRAWN)))
                            .isInstanceOf(EraseOutcome.Erased.class);
                }
                SlotView erased = awaited(router.read(slot)).orElseThrow();
                assertThat(erased.state()).isEqualTo(SlotState.ERASED);
                assertThat(erased.reason()).contains(expires ? EraseReason.EXPIRED : EraseReason.WITHDRAWN);
                assertThat(erased.attempt()).isEqualTo(offered ? 1 : 0);
                assertThat(erased.restricted()).isFalse();
                assertThat(awaited(ingest.key(slot, signup))).isEmpty();
                assertThat(now(ingest.restrict(slot, signup))).isEqualTo(new RestrictOutcome.AlreadyErased(erased));
                assertThat(now(ingest.lift(slot, signup))).isEqualTo(new LiftOutcome.AlreadyErased(erased));
                assertThat(awaited(ingest.free(slot, signup))).isTrue();
                assertThat(now(ingest.restrict(slot, signup))).isEqualTo(new RestrictOutcome.Gone());

                SlotReference next = new SlotReference(slot.slot(), slot.generation() + 1);
                UUID other = UUID.randomUUID();
                for (SlotReference given = hold(other).slot(); !given.equals(next); ) {
                    now(ingest.erase(given, other, EraseReason.WITHDRAWN));
                    assertThat(awaited(ingest.free(given, other))).isTrue();
                    other = UUID.randomUUID();
                    given = hold(other).slot();
                }
                assertThat(now(ingest.restrict(slot, signup))).isEqualTo(new RestrictOutcome.Gone());
                assertThat(now(ingest.lift(slot, signup))).isEqualTo(new LiftOutcome.Gone());
                assertThat(now(ingest.restrict(next, signup))).isEqualTo(new RestrictOutcome.Gone());
                assertThat(now(router.offer(() -> true, next, other, 0, FJORD))).isEqualTo(new OfferOutcome.Offered(1));
                now(ingest.erase(next, other, EraseReason.WITHDRAWN));
            }
        }
        assertThat(now(ingest.restrict(new SlotReference(1_000_000, 1), id))).isEqualTo(new RestrictOutcome.Gone());
        assertThat(now(ingest.lift(new SlotReference(1_000_000, 1), id))).isEqualTo(new LiftOutcome.Gone());
    }

    @Test
    void notes_of_the_log_go_into_a_restricted_slot_and_leave_it_restricted() {
        SlotReference slot = hold(id).slot();
        now(ingest.restrict(slot, id));
        awaited(router.position(slot, id, LogPosition.inParked(3, 42)));
        awaited(router.recorded(slot, id));
        SlotView view = awaited(router.read(slot)).orElseThrow();
        assertThat(view.restricted()).isTrue();
        assertThat(view.position()).contains(LogPosition.inParked(3, 42));
        assertThat(((LiftOutcome.Lifted) now(ingest.lift(slot, id))).view().recorded())
                .isTrue();
    }

    @Test
    void who_does_not_own_the_partition_learns_nothing_of_a_restriction() {
        SlotReference slot = hold(id).slot();
        now(ingest.restrict(slot, id));
        assertThat(now(router.offer(() -> false, slot, id, 0, FJORD))).isEqualTo(new OfferOutcome.NotOwner());
    }

    @Test
    void a_restricted_slot_whose_checksum_is_wrong_says_nothing_and_is_destroyed() throws IOException {
        SlotReference slot = hold(id).slot();
        now(ingest.restrict(slot, id));
        long at = SlotLayout.fileOffset(slot.slot()) + SlotLayout.CHECKSUM;
        write(at, new byte[] {(byte) (read(at, 1)[0] ^ 1)});
        assertThat(awaited(router.read(slot))).isEmpty();
        assertThat(awaited(router.key(slot, id))).isEmpty();
        assertThat(now(router.restrict(slot, id))).isEqualTo(new RestrictOutcome.Gone());
        assertThat(now(router.lift(slot, id))).isEqualTo(new LiftOutcome.Gone());
        assertThat(offer(slot, 0, FJORD)).isEqualTo(new OfferOutcome.Gone());
        assertThat(router.sweep(NOW)).isEqualTo(new SweepResult(0, 0, 0, 1));
    }

    // ------------------------------------------------------------ what lasts

    @Test
    void restrictions_and_lifts_are_synced_also_those_that_find_it_so() {
        SlotReference slot = hold(id).slot();
        long syncs = awaited(ingest.usage()).syncs();
        now(ingest.restrict(slot, id));
        now(ingest.restrict(slot, id));
        now(ingest.lift(slot, id));
        now(ingest.lift(slot, id));
        offer(slot, 0, FJORD);
        now(ingest.restrict(slot, id));
        assertThat(awaited(ingest.usage()).syncs()).isEqualTo(syncs + 5);
        assertThat(awaited(ingest.usage()).changesSynced()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void nothing_is_answered_where_the_sync_fails_and_no_attempt_follows() {
        SlotReference slot = hold(id).slot();
        AtomicBoolean failing = new AtomicBoolean(true);
        SlotFile.Parts broken = new SlotFile.Parts(
                () -> {
                    if (failing.get()) {
                        throw new IOException("Input/output error");
                    }
                },
                FaultPoints.NONE);
        try (SlotFile third = open(broken)) {
            var unused = third.serveKeysAfter((signups, mark, handler) -> {}, HOUR);
            assertThatThrownBy(
                            () -> third.restrict(slot, id).toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CustodyException.class);
            assertThatThrownBy(() -> third.lift(slot, id).toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CustodyException.class);
        }
        assertThat(awaited(router.read(slot)).orElseThrow().restricted()).isTrue();
        assertThat(offer(slot, 0, FJORD)).isInstanceOf(OfferOutcome.Restricted.class);
        assertThat(now(router.restrict(slot, id))).isInstanceOf(RestrictOutcome.AlreadyRestricted.class);
    }

    @Test
    void a_restriction_outlasts_the_process_a_rotation_of_epochs_and_the_growth_of_the_file() {
        HoldOutcome.Held held = hold(id);
        now(ingest.restrict(held.slot(), id));
        assertThat(router.rotate(NOW.plus(HOUR), HOUR)).isEqualTo(new RotationOutcome.Rotated(2, 1, 0));
        for (int i = 0; i < 200; i++) {
            hold(UUID.randomUUID());
        }
        try (SlotFile later = open(SlotFile.Parts.REAL)) {
            assertThat(awaited(later.read(held.slot())).orElseThrow().restricted())
                    .isTrue();
            assertThat(later.serveKeysAfter((signups, mark, handler) -> {}, HOUR))
                    .isZero();
            assertThat(later.sweep(NOW)).isEqualTo(new SweepResult(0, 0, 0, 0));
            assertThat(now(later.offer(() -> true, held.slot(), id, 0, FJORD)))
                    .isInstanceOf(OfferOutcome.Restricted.class);
            assertThat(hex(awaited(later.key(held.slot(), id)).orElseThrow())).isEqualTo(hex(held.key()));
        }
    }

    // ------------------------------------------------------------ programs that know of no restrictions

    @Test
    void a_file_says_that_slots_may_be_restricted_before_the_first_one_is_and_from_then_on() throws IOException {
        assertThat(layoutVersion()).as("an earlier program opens it").isEqualTo(2);
        UUID fileId = header().fileId();
        SlotReference slot = hold(id).slot();
        assertThat(layoutVersion()).isEqualTo(2);
        now(ingest.restrict(slot, id));
        assertThat(layoutVersion()).as("an earlier program refuses it").isEqualTo(3);
        assertThat(header().fileId()).isEqualTo(fileId);
        now(ingest.lift(slot, id));
        now(ingest.erase(slot, id, EraseReason.WITHDRAWN));
        assertThat(layoutVersion()).isEqualTo(3);
        open(SlotFile.Parts.REAL).close();
    }

    @Test
    void a_file_of_a_later_layout_is_refused_with_what_was_found() throws IOException {
        write(VERSION_AT, new byte[] {0, 0, 0, 5});
        assertThatThrownBy(() -> open(SlotFile.Parts.REAL))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("layout version is 5, this program reads 2 to 4");
    }

    @Test
    void a_file_is_opened_while_other_processes_allow_restrictions_in_it() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            AtomicBoolean stop = new AtomicBoolean();
            for (int i = 0; i < 2; i++) {
                var unused = two.submit(() -> {
                    while (!stop.get()) {
                        SlotFileHeader.raise(channel, file(), SlotFileHeader.RESTRICTING_LAYOUT_VERSION);
                    }
                    return null;
                });
            }
            for (int i = 0; i < 2000; i++) {
                assertThat(header().chunkSlots()).isEqualTo(32);
            }
            stop.set(true);
        } finally {
            two.shutdown();
            assertThat(two.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    // ------------------------------------------------------------ two processes' worth of callers

    @Test
    void a_restriction_and_an_offer_never_both_come_first() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        CyclicBarrier start = new CyclicBarrier(2);
        int offersFirst = 0;
        int restrictionsFirst = 0;
        for (int round = 0; round < ROUNDS; round++) {
            UUID signup = UUID.randomUUID();
            SlotReference slot = hold(signup).slot();
            int lag = round % 64;
            Future<OfferOutcome> offering = two.submit(() -> {
                start.await();
                spin(lag);
                return now(router.offer(() -> true, slot, signup, 0, FJORD));
            });
            Future<RestrictOutcome> restricting = two.submit(() -> {
                start.await();
                spin(64 - lag);
                return now(ingest.restrict(slot, signup));
            });
            SlotView after;
            if (offering.get() instanceof OfferOutcome.Offered) {
                offersFirst++;
                after = ((RestrictOutcome.HandoffStarted) restricting.get()).view();
                assertThat(after.attempt())
                        .as("round %d: the restriction knows of the offer", round)
                        .isEqualTo(1);
                assertThat(after.broker()).isEqualTo(FJORD);
            } else {
                restrictionsFirst++;
                assertThat(offering.get()).isInstanceOf(OfferOutcome.Restricted.class);
                after = ((RestrictOutcome.Restricted) restricting.get()).view();
                assertThat(after.attempt())
                        .as("round %d: nothing was offered", round)
                        .isZero();
            }
            assertThat(awaited(router.read(slot))).contains(after);
            assertThat(now(router.offer(() -> true, slot, signup, after.attempt(), FJORD)))
                    .isInstanceOf(OfferOutcome.Restricted.class);
            now(ingest.erase(slot, signup, EraseReason.WITHDRAWN));
            assertThat(awaited(ingest.free(slot, signup))).isTrue();
        }
        two.shutdown();
        assertThat(offersFirst).isPositive();
        assertThat(restrictionsFirst).isPositive();
    }

    @Test
    void restrictions_lifts_and_erasures_at_once_leave_the_slot_as_the_last_of_them_says() throws Exception {
        ExecutorService three = Executors.newFixedThreadPool(3);
        for (int round = 0; round < 500; round++) {
            UUID signup = UUID.randomUUID();
            SlotReference slot = hold(signup).slot();
            CyclicBarrier start = new CyclicBarrier(3);
            boolean erases = round % 2 == 0;
            Future<RestrictOutcome> restricting = three.submit(() -> {
                start.await();
                return now(ingest.restrict(slot, signup));
            });
            Future<LiftOutcome> lifting = three.submit(() -> {
                start.await();
                return now(router.lift(slot, signup));
            });
            Future<Object> third = three.submit(() -> {
                start.await();
                return erases
                        ? now(router.erase(slot, signup, EraseReason.WITHDRAWN))
                        : now(router.offer(() -> true, slot, signup, 0, FJORD));
            });
            RestrictOutcome restricted = restricting.get();
            LiftOutcome lifted = lifting.get();
            Object thirdOutcome = third.get();
            SlotView view = awaited(router.read(slot)).orElseThrow();
            if (erases) {
                assertThat(thirdOutcome).isInstanceOf(EraseOutcome.Erased.class);
                assertThat(view.state()).isEqualTo(SlotState.ERASED);
                assertThat(awaited(ingest.key(slot, signup))).isEmpty();
            } else {
                assertThat(view.restricted())
                        .as("round %d: %s, %s", round, restricted, lifted)
                        .isEqualTo(lifted instanceof LiftOutcome.NotRestricted);
                assertThat(view.attempt()).isEqualTo(thirdOutcome instanceof OfferOutcome.Offered ? 1 : 0);
                now(ingest.erase(slot, signup, EraseReason.WITHDRAWN));
            }
            assertThat(awaited(ingest.free(slot, signup))).isTrue();
        }
        three.shutdown();
    }

    private static void spin(int times) {
        for (int i = 0; i < times * 20; i++) {
            Thread.onSpinWait();
        }
    }

    // ------------------------------------------------------------ the file

    private static String hex(DataKey key) {
        return HexFormat.of().formatHex(key.getEncoded());
    }

    private int layoutVersion() throws IOException {
        return ByteBuffer.wrap(read(VERSION_AT, 4)).order(ByteOrder.BIG_ENDIAN).getInt();
    }

    private SlotFileHeader header() throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ)) {
            return SlotFileHeader.read(channel, file());
        }
    }

    private byte[] read(long at, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            channel.read(bytes, at);
            return bytes.array();
        }
    }

    private void write(long at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }
}
