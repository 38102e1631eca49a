package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.now;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.brokerhandoff.custody.FaultPoints.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotProlongationTest {
    private static final Instant START = Instant.parse("2026-11-29T13:00:00Z");
    private static final Instant EXPIRY = START.plusSeconds(3600);
    private static final Instant LATER = START.plus(Duration.ofDays(90));
    private static final BrokerTag FJORD = BrokerTag.of("fjord-markets");
    private static final int VERSION_AT = 8;

    @TempDir
    Path directory;

    private final UUID id = UUID.randomUUID();
    private volatile Instant time = START;
    private FileKeyset keyset;
    private SlotFile ingest;
    private SlotFile router;

    @BeforeEach
    void open() {
        keyset = FileKeyset.openOrCreate(directory.resolve("keyset"), InstantSource.fixed(START));
        ingest = open(SlotFile.Parts.REAL);
        router = open(SlotFile.Parts.REAL);
    }

    @AfterEach
    void close() {
        ingest.close();
        router.close();
    }

    private SlotFile open(SlotFile.Parts parts) {
        return SlotFile.open(new CustodySettings(file(), 32, 4096), keyset, () -> time, parts);
    }

    private Path file() {
        return directory.resolve("slots");
    }

    private HoldOutcome.Held hold(UUID signupId) {
        return (HoldOutcome.Held) now(ingest.hold(signupId, EXPIRY));
    }

    private SlotView prolong(SlotReference slot, Instant until) {
        return ((ProlongOutcome.Prolonged) now(ingest.prolong(slot, id, until))).view();
    }

    private static String hex(DataKey key) {
        return HexFormat.of().formatHex(key.getEncoded());
    }

    @Test
    void a_prolonged_key_outlives_its_expiry_in_every_process_and_is_destroyed_at_its_new_end() {
        HoldOutcome.Held held = hold(id);
        SlotReference slot = held.slot();
        SlotView prolonged = prolong(slot, LATER);
        assertThat(prolonged.expiry()).as("what the key is wrapped with").isEqualTo(EXPIRY);
        assertThat(prolonged.prolongedTo()).contains(LATER);
        assertThat(prolonged.end()).isEqualTo(LATER);
        assertThat(awaited(router.read(slot))).contains(prolonged);
        assertThat(awaited(router.usage()).prolonged()).isEqualTo(1);

        time = LATER.minusMillis(1);
        assertThat(router.sweep(time).expired()).isZero();
        assertThat(now(router.erase(slot, id, EraseReason.EXPIRED))).isEqualTo(new EraseOutcome.Prolonged(prolonged));
        assertThat(hex(awaited(router.key(slot, id)).orElseThrow())).isEqualTo(hex(held.key()));

        time = LATER;
        assertThat(router.sweep(LATER).expired()).isEqualTo(1);
        SlotView erased = awaited(ingest.read(slot)).orElseThrow();
        assertThat(erased.state()).isEqualTo(SlotState.ERASED);
        assertThat(erased.reason()).contains(EraseReason.EXPIRED);
        assertThat(erased.prolongedTo()).isEmpty();
        assertThat(awaited(router.usage()).prolonged()).isZero();
    }

    @Test
    void the_router_may_destroy_it_for_its_age_once_the_new_end_has_come() {
        SlotReference slot = hold(id).slot();
        prolong(slot, LATER);
        time = LATER;
        assertThat(now(router.erase(slot, id, EraseReason.EXPIRED))).isInstanceOf(EraseOutcome.Erased.class);
    }

    @Test
    void whatever_else_ends_a_signup_ends_a_prolonged_one_at_once() {
        for (EraseReason reason : EraseReason.values()) {
            if (reason != EraseReason.EXPIRED) {
                UUID signup = UUID.randomUUID();
                SlotReference slot = hold(signup).slot();
                now(ingest.prolong(slot, signup, LATER));
                EraseOutcome.Erased erased = (EraseOutcome.Erased) now(router.erase(slot, signup, reason));
                assertThat(erased.view().reason()).contains(reason);
                assertThat(now(ingest.prolong(slot, signup, LATER)))
                        .isEqualTo(new ProlongOutcome.AlreadyErased(erased.view()));
            }
        }
    }

    @Test
    void it_is_offered_restricted_and_lifted_as_any() {
        SlotReference slot = hold(id).slot();
        prolong(slot, LATER);
        assertThat(now(router.offer(() -> true, slot, id, 0, FJORD))).isEqualTo(new OfferOutcome.Offered(1));
        SlotView restricted = ((RestrictOutcome.HandoffStarted) now(ingest.restrict(slot, id))).view();
        assertThat(restricted.prolongedTo()).contains(LATER);
        assertThat(restricted.reason()).isEmpty();
        assertThat(prolong(slot, LATER.plusSeconds(1)).restricted()).isTrue();
        SlotView lifted = ((LiftOutcome.Lifted) now(ingest.lift(slot, id))).view();
        assertThat(lifted.end()).isEqualTo(LATER.plusSeconds(1));
        assertThat(lifted.broker()).isEqualTo(FJORD);
    }

    @Test
    void the_last_call_counts_and_a_time_not_after_the_expiry_takes_it_back() {
        SlotReference slot = hold(id).slot();
        for (int i = 1; i <= 20; i++) {
            assertThat(prolong(slot, LATER.minusSeconds(i)).end()).isEqualTo(LATER.minusSeconds(i));
        }
        assertThat(prolong(slot, EXPIRY).prolongedTo()).isEmpty();
        time = EXPIRY;
        assertThat(router.sweep(EXPIRY).expired()).isEqualTo(1);
    }

    @Test
    void a_key_whose_end_has_come_is_not_prolonged_also_before_a_sweep_has_seen_it() {
        SlotReference slot = hold(id).slot();
        time = EXPIRY;
        assertThat(now(ingest.prolong(slot, id, LATER)))
                .isEqualTo(new ProlongOutcome.Due(awaited(ingest.read(slot)).orElseThrow()));
        assertThat(router.sweep(EXPIRY).expired()).isEqualTo(1);
    }

    @Test
    void a_prolongation_that_has_ended_can_be_taken_back_and_not_renewed() {
        SlotReference slot = hold(id).slot();
        prolong(slot, LATER);
        time = LATER;
        assertThat(now(ingest.prolong(slot, id, LATER.plusSeconds(60)))).isInstanceOf(ProlongOutcome.Due.class);
        assertThat(prolong(slot, Instant.EPOCH).prolongedTo()).isEmpty();
    }

    @Test
    void another_signup_and_the_next_generation_of_the_slot_have_nothing_of_it() {
        SlotReference slot = hold(id).slot();
        prolong(slot, LATER);
        assertThat(now(ingest.prolong(slot, UUID.randomUUID(), LATER))).isEqualTo(new ProlongOutcome.Gone());
        now(ingest.erase(slot, id, EraseReason.WITHDRAWN));
        awaited(ingest.free(slot, id));
        assertThat(now(ingest.prolong(slot, id, LATER))).isEqualTo(new ProlongOutcome.Gone());
        for (int i = 0; i < 40; i++) {
            UUID signup = UUID.randomUUID();
            assertThat(awaited(router.read(hold(signup).slot())).orElseThrow().prolongedTo())
                    .isEmpty();
        }
        time = EXPIRY;
        assertThat(router.sweep(EXPIRY).expired()).isEqualTo(40);
    }

    @Test
    void a_key_is_rewrapped_while_it_is_prolonged() {
        HoldOutcome.Held held = hold(id);
        prolong(held.slot(), LATER);
        time = EXPIRY.plusSeconds(1);
        assertThat(router.rotate(time, Duration.ofHours(1))).isInstanceOf(RotationOutcome.Rotated.class);
        assertThat(hex(awaited(ingest.key(held.slot(), id)).orElseThrow())).isEqualTo(hex(held.key()));
    }

    @Test
    void a_process_that_dies_between_field_and_word_has_prolonged_nothing_and_the_next_call_finishes_it() {
        for (Step step : new Step[] {Step.PROLONGATION_WRITTEN, Step.PROLONGED}) {
            UUID signup = UUID.randomUUID();
            SlotReference slot = hold(signup).slot();
            SlotFile dying = open(new SlotFile.Parts(null, at -> {
                if (at == step) {
                    throw new IllegalStateException("died");
                }
            }));
            assertThatThrownBy(() -> dying.prolong(slot, signup, LATER)).hasMessage("died");
            assertThat(awaited(router.read(slot)).orElseThrow().prolongedTo().isPresent())
                    .isEqualTo(step == Step.PROLONGED);
            assertThat(now(ingest.prolong(slot, signup, LATER))).isInstanceOf(ProlongOutcome.Prolonged.class);
            assertThat(awaited(router.read(slot)).orElseThrow().end()).isEqualTo(LATER);
            dying.close();
        }
    }

    @Test
    void a_damaged_time_prolongs_nothing() throws Exception {
        SlotReference slot = hold(id).slot();
        prolong(slot, LATER);
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer word = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
            long at = SlotLayout.fileOffset(slot.slot()) + SlotLayout.PROLONGED;
            channel.read(word, at);
            channel.write(word.putLong(0, word.getLong(0) + (1L << 40)).rewind(), at);
        }
        assertThat(awaited(router.read(slot)).orElseThrow().end()).isEqualTo(EXPIRY);
        time = EXPIRY;
        assertThat(router.sweep(EXPIRY).expired()).isEqualTo(1);
    }

    @Test
    void an_earlier_program_refuses_the_file_from_the_first_prolongation_on() throws Exception {
        SlotReference slot = hold(id).slot();
        now(ingest.restrict(slot, id));
        assertThat(layoutVersion()).isEqualTo(3);
        prolong(slot, LATER);
        assertThat(layoutVersion()).isEqualTo(4);
        now(router.restrict(slot, id));
        assertThat(layoutVersion()).as("a restriction takes nothing back").isEqualTo(4);
        open(SlotFile.Parts.REAL).close();
    }

    private int layoutVersion() throws Exception {
        byte[] bytes = Files.readAllBytes(file());
        return ByteBuffer.wrap(bytes, VERSION_AT, 4).order(ByteOrder.BIG_ENDIAN).getInt();
    }

    /** The sweep looks on while the file is put back: the copy has the slot as it was before. */
    @Test
    void an_older_copy_knows_of_no_prolongation_and_is_prolonged_again_by_the_next_call() throws Exception {
        SlotReference slot = hold(id).slot();
        ingest.close();
        router.close();
        Path copy = directory.resolve("copy");
        Files.copy(file(), copy);
        ingest = open(SlotFile.Parts.REAL);
        prolong(slot, LATER);
        ingest.close();
        Files.copy(copy, file(), StandardCopyOption.REPLACE_EXISTING);
        ingest = open(SlotFile.Parts.REAL);
        router = open(SlotFile.Parts.REAL);
        assertThat(awaited(ingest.find(id)).orElseThrow().prolongedTo()).isEmpty();
        assertThat(prolong(slot, LATER).end()).isEqualTo(LATER);
    }

    @Test
    void a_prolongation_and_a_sweep_at_the_end_never_both_come_first() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        CyclicBarrier start = new CyclicBarrier(2);
        int prolonged = 0;
        int swept = 0;
        for (int round = 0; round < 1_000; round++) {
            UUID signup = UUID.randomUUID();
            SlotReference slot = hold(signup).slot();
            int lag = round % 64;
            // Prolonged already in every other round: then the state word alone tells that it is again.
            if (round % 2 == 1) {
                now(ingest.prolong(slot, signup, EXPIRY.plusSeconds(1)));
            }
            Future<ProlongOutcome> prolonging = two.submit(() -> {
                start.await();
                spin(lag);
                return now(ingest.prolong(slot, signup, LATER));
            });
            Future<SweepResult> sweeping = two.submit(() -> {
                start.await();
                spin(64 - lag);
                return router.sweep(EXPIRY.plusSeconds(1));
            });
            if (prolonging.get() instanceof ProlongOutcome.Prolonged) {
                prolonged++;
                assertThat(sweeping.get().expired()).as("round %d", round).isZero();
                assertThat(awaited(router.key(slot, signup))).isPresent();
                now(ingest.erase(slot, signup, EraseReason.WITHDRAWN));
            } else {
                swept++;
                assertThat(sweeping.get().expired()).as("round %d", round).isEqualTo(1);
                assertThat(awaited(router.key(slot, signup))).isEmpty();
            }
            assertThat(awaited(ingest.free(slot, signup))).isTrue();
        }
        two.shutdown();
        assertThat(prolonged).isPositive();
        assertThat(swept).isPositive();
    }

    private static void spin(int times) {
        for (int i = 0; i < times * 20; i++) {
            Thread.onSpinWait();
        }
    }
}
