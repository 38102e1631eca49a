package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotFileTest {
    private static final int ROUNDS = Boolean.getBoolean("handoff.test.long") ? 10_000 : 2_000;

    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant EXPIRY = NOW.plusSeconds(3600);
    private static final BrokerTag FJORD = BrokerTag.of("fjord-markets");
    private static final BrokerTag NORDLYS = BrokerTag.of("nordlys-invest");

    @TempDir
    Path directory;

    private FileKeyset keyset;
    private SlotFile ingest;
    private SlotFile router;

    @BeforeEach
    void open() {
        keyset = FileKeyset.openOrCreate(directory.resolve("keyset"));
        ingest = open(64, 64);
        router = open(64, 64);
    }

    @AfterEach
    void close() {
        ingest.close();
        router.close();
    }

    private SlotFile open(int initial, int maximum) {
        return SlotFile.open(new CustodySettings(file(), initial, maximum), keyset, InstantSource.fixed(NOW));
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

    private HoldOutcome.Held hold(UUID id) {
        return (HoldOutcome.Held) now(ingest.hold(id, EXPIRY));
    }

    // ------------------------------------------------------------ life of a slot

    @Test
    void a_held_key_is_there_for_the_other_process_and_nothing_else() {
        UUID id = UUID.randomUUID();
        HoldOutcome.Held held = hold(id);
        assertThat(awaited(router.key(held.slot(), id)).orElseThrow().getEncoded())
                .isEqualTo(held.key().getEncoded());
        assertThat(awaited(router.key(held.slot(), UUID.randomUUID()))).isEmpty();
        SlotView view = awaited(router.read(held.slot())).orElseThrow();
        assertThat(view.state()).isEqualTo(SlotState.HELD);
        assertThat(view.signupId()).isEqualTo(id);
        assertThat(view.expiry()).isEqualTo(EXPIRY);
        assertThat(view.attempt()).isZero();
        assertThat(view.broker()).isEqualTo(BrokerTag.NONE);
        assertThat(view.position()).isEmpty();
        assertThat(view.reason()).isEmpty();
        assertThat(view.erasedAt()).isEmpty();
        assertThat(awaited(router.find(id))).contains(view);
        assertThat(awaited(router.find(UUID.randomUUID()))).isEmpty();
    }

    @Test
    void a_delivered_key_is_gone_and_its_slot_tells_the_story_until_it_is_freed() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        awaited(ingest.position(slot, id, LogPosition.inSignups(3, 42)));
        assertThat(now(router.offer(() -> true, slot, id, 0, FJORD))).isEqualTo(new OfferOutcome.Offered(1));
        assertThat(awaited(router.key(slot, id))).isPresent();

        EraseOutcome.Erased erased = (EraseOutcome.Erased) now(router.erase(slot, id, EraseReason.DELIVERED));
        assertThat(erased.readBack()).isEqualTo(router.readBack());
        SlotView view = erased.view();
        assertThat(view.state()).isEqualTo(SlotState.ERASED);
        assertThat(view.reason()).contains(EraseReason.DELIVERED);
        assertThat(view.broker()).isEqualTo(FJORD);
        assertThat(view.attempt()).isEqualTo(1);
        assertThat(view.position()).contains(LogPosition.inSignups(3, 42));
        assertThat(view.erasedAt()).contains(NOW);
        assertThat(awaited(router.key(slot, id))).isEmpty();
        assertThat(awaited(ingest.key(slot, id))).isEmpty();
        assertThat(awaited(router.erased())).containsExactly(view);
        assertThat(awaited(ingest.find(id))).contains(view);

        assertThat(now(ingest.erase(slot, id, EraseReason.WITHDRAWN))).isEqualTo(new EraseOutcome.AlreadyErased(view));
        assertThat(now(router.offer(() -> true, slot, id, 0, FJORD))).isEqualTo(new OfferOutcome.Erased(view));

        awaited(ingest.recorded(slot, id));
        assertThat(awaited(router.read(slot)).orElseThrow().recorded()).isTrue();
        assertThat(awaited(router.free(slot, UUID.randomUUID()))).isFalse();
        assertThat(awaited(router.free(slot, id))).isTrue();
        assertThat(awaited(router.free(slot, id))).isFalse();
        assertThat(awaited(router.read(slot))).isEmpty();
        assertThat(awaited(router.find(id))).isEmpty();
        assertThat(awaited(router.erased())).isEmpty();
    }

    @Test
    void a_live_slot_is_not_freed() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        assertThat(awaited(ingest.free(slot, id))).isFalse();
        assertThat(awaited(ingest.key(slot, id))).isPresent();
    }

    @Test
    void every_attempt_is_counted_durably_and_so_is_a_change_of_broker() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        now(router.offer(() -> true, slot, id, 0, FJORD));
        long syncs = awaited(router.usage()).syncs();
        for (int attempt = 2; attempt <= 300; attempt++) {
            assertThat(now(router.offer(() -> true, slot, id, Math.min(attempt - 1, 255), FJORD)))
                    .isEqualTo(new OfferOutcome.Offered(Math.min(attempt, 255)));
        }
        assertThat(awaited(router.usage()).syncs()).isEqualTo(syncs + 299);
        assertThat(now(router.offer(() -> true, slot, id, 255, NORDLYS))).isEqualTo(new OfferOutcome.Offered(255));
        assertThat(awaited(router.usage()).syncs()).isEqualTo(syncs + 300);
        assertThat(awaited(router.read(slot)).orElseThrow().broker()).isEqualTo(NORDLYS);
    }

    @Test
    void who_does_not_own_the_partition_changes_no_slot_and_learns_of_an_erasure_nevertheless() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        long syncs = awaited(router.usage()).syncs();
        assertThat(now(router.offer(() -> false, slot, id, 0, FJORD))).isEqualTo(new OfferOutcome.NotOwner());
        assertThat(awaited(router.read(slot)).orElseThrow().state()).isEqualTo(SlotState.HELD);
        now(router.offer(() -> true, slot, id, 0, FJORD));
        for (BrokerTag broker : List.of(FJORD, NORDLYS)) {
            assertThat(now(router.offer(() -> false, slot, id, 1, broker))).isEqualTo(new OfferOutcome.NotOwner());
        }
        assertThat(awaited(router.read(slot)).orElseThrow().attempt()).isEqualTo(1);
        assertThat(awaited(router.usage()).syncs()).isEqualTo(syncs + 1);
        now(ingest.erase(slot, id, EraseReason.WITHDRAWN));
        assertThat(now(router.offer(() -> false, slot, id, 0, FJORD))).isInstanceOf(OfferOutcome.Erased.class);
    }

    /** By a process that took itself for the owner: its outcome is unknown to the reader. */
    @Test
    void a_slot_is_not_offered_after_an_attempt_that_the_caller_has_not_seen() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        now(router.offer(() -> true, slot, id, 0, FJORD));
        for (BrokerTag broker : List.of(FJORD, NORDLYS)) {
            assertThat(now(ingest.offer(() -> true, slot, id, 0, broker))).isEqualTo(new OfferOutcome.Changed());
        }
        assertThat(awaited(router.read(slot)).orElseThrow().attempt()).isEqualTo(1);
        assertThat(now(ingest.offer(() -> true, slot, id, 1, NORDLYS))).isEqualTo(new OfferOutcome.Offered(2));
    }

    @Test
    void an_offer_that_a_killed_process_did_not_sync_is_synced_by_the_next_attempt() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        setWord(slot, StateWord.offering(word(slot), FJORD));
        assertThat(awaited(router.read(slot)).orElseThrow().state()).isEqualTo(SlotState.OFFERED);
        long syncs = awaited(router.usage()).syncs();
        assertThat(now(router.offer(() -> true, slot, id, 1, FJORD))).isEqualTo(new OfferOutcome.Offered(2));
        assertThat(awaited(router.usage()).syncs()).isEqualTo(syncs + 1);
        assertThat(StateWord.state(word(slot))).isEqualTo(StateWord.OFFERED);
    }

    @Test
    void a_reference_to_an_earlier_use_finds_nothing() {
        SlotFile one = ingest;
        UUID first = UUID.randomUUID();
        SlotReference stale = hold(first).slot();
        now(one.erase(stale, first, EraseReason.EXPIRED));
        awaited(one.free(stale, first));
        List<SlotReference> later = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            later.add(hold(first).slot());
        }
        assertThat(later).anyMatch(slot -> slot.slot() == stale.slot() && slot.generation() == stale.generation() + 1);
        assertThat(awaited(one.key(stale, first))).isEmpty();
        assertThat(awaited(one.read(stale))).isEmpty();
        assertThat(now(one.offer(() -> true, stale, first, 0, FJORD))).isEqualTo(new OfferOutcome.Gone());
        assertThat(now(one.erase(stale, first, EraseReason.EXPIRED))).isEqualTo(new EraseOutcome.Gone());
        awaited(one.position(stale, first, LogPosition.inSignups(1, 1)));
        awaited(one.recorded(stale, first));
        assertThat(awaited(one.free(stale, first))).isFalse();
        for (SlotReference slot : later) {
            SlotView view = awaited(one.read(slot)).orElseThrow();
            assertThat(view.state()).isEqualTo(SlotState.HELD);
            assertThat(view.position()).isEmpty();
            assertThat(view.recorded()).isFalse();
        }
    }

    @Test
    void a_slot_beyond_the_file_is_gone() {
        SlotReference beyond = new SlotReference(1_000_000, 1);
        UUID id = UUID.randomUUID();
        assertThat(awaited(ingest.key(beyond, id))).isEmpty();
        assertThat(awaited(ingest.read(beyond))).isEmpty();
        assertThat(now(ingest.erase(beyond, id, EraseReason.INVALID))).isEqualTo(new EraseOutcome.Gone());
    }

    @Test
    void a_full_file_refuses_and_overwrites_nothing() {
        List<HoldOutcome.Held> held = new ArrayList<>();
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            ids.add(UUID.randomUUID());
            held.add(hold(ids.get(i)));
        }
        assertThat(now(ingest.hold(UUID.randomUUID(), EXPIRY))).isEqualTo(new HoldOutcome.Full());
        assertThat(awaited(ingest.usage()).live()).isEqualTo(64);
        for (int i = 0; i < 64; i++) {
            assertThat(awaited(router.key(held.get(i).slot(), ids.get(i)))
                            .orElseThrow()
                            .getEncoded())
                    .isEqualTo(held.get(i).key().getEncoded());
        }
        now(ingest.erase(held.get(5).slot(), ids.get(5), EraseReason.WITHDRAWN));
        assertThat(now(ingest.hold(UUID.randomUUID(), EXPIRY))).isEqualTo(new HoldOutcome.Full());
        awaited(ingest.free(held.get(5).slot(), ids.get(5)));
        assertThat(hold(UUID.randomUUID()).slot())
                .isEqualTo(new SlotReference(held.get(5).slot().slot(), 2));
    }

    @Test
    void the_file_grows_up_to_its_maximum_and_the_other_process_sees_it() throws IOException {
        try (SlotFile growing = open(64, 200)) {
            Set<Integer> slots = new HashSet<>();
            List<CompletableFuture<HoldOutcome>> holds = new ArrayList<>();
            UUID id = UUID.randomUUID();
            for (int i = 0; i < 200; i++) {
                holds.add(growing.hold(id, EXPIRY).toCompletableFuture());
            }
            for (CompletableFuture<HoldOutcome> hold : holds) {
                SlotReference slot = ((HoldOutcome.Held) now(hold)).slot();
                assertThat(slots.add(slot.slot())).isTrue();
                assertThat(awaited(router.key(slot, id))).isPresent();
            }
            assertThat(now(growing.hold(id, EXPIRY))).isEqualTo(new HoldOutcome.Full());
            assertThat(awaited(growing.usage()).live()).isEqualTo(200);
            assertThat(awaited(growing.usage()).capacity()).isEqualTo(200);
            assertThat(Files.size(file())).isEqualTo(65_536 + 256 * 128);
        }
    }

    private static int holdAll(SlotFile custody, int count) {
        List<CompletableFuture<HoldOutcome>> holds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            holds.add(custody.hold(UUID.randomUUID(), EXPIRY).toCompletableFuture());
        }
        holds.forEach(hold -> assertThat(now(hold)).isInstanceOf(HoldOutcome.Held.class));
        return count;
    }

    @Test
    void holds_go_on_while_the_file_grows() throws Exception {
        CountDownLatch growing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FaultPoints stopInGrowth = step -> {
            if (step == FaultPoints.Step.CHUNK_WRITTEN) {
                growing.countDown();
                try {
                    assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        Path large = directory.resolve("large");
        try (SlotFile custody = SlotFile.open(
                new CustodySettings(large, 8192, 16_384),
                FileKeyset.openOrCreate(directory.resolve("its keyset")),
                InstantSource.fixed(NOW),
                new SlotFile.Parts(null, stopInGrowth))) {
            int held = 0;
            while (growing.getCount() > 0) {
                held += holdAll(custody, 64);
            }
            assertThat(held).as("the file grows before it is full").isLessThan(8192 - 2048);
            // While a chunk is written:
            held += holdAll(custody, 2048);
            goOn.countDown();
            held += holdAll(custody, 16_384 - held);
            assertThat(held).isEqualTo(16_384);
            assertThat(now(custody.hold(UUID.randomUUID(), EXPIRY))).isEqualTo(new HoldOutcome.Full());
        }
    }

    @Test
    void a_chunk_that_a_crash_left_unfinished_is_written_again() throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            byte[] half = new byte[4000];
            Arrays.fill(half, (byte) 0x77);
            channel.write(ByteBuffer.wrap(half), channel.size());
        }
        try (SlotFile growing = open(64, 128)) {
            for (int i = 0; i < 128; i++) {
                assertThat(now(growing.hold(UUID.randomUUID(), EXPIRY))).isInstanceOf(HoldOutcome.Held.class);
            }
            assertThat(growing.sweep(NOW)).isEqualTo(new SweepResult(0, 0, 0, 0));
        }
    }

    // ------------------------------------------------------------ what stays in the file

    @Test
    void erased_keys_are_not_in_the_file_and_live_ones_are() throws IOException {
        List<byte[]> erasedWrappings = new ArrayList<>();
        List<byte[]> liveWrappings = new ArrayList<>();
        try (SlotFile large = open(64, 2048)) {
            for (int i = 0; i < 2000; i++) {
                UUID id = UUID.randomUUID();
                HoldOutcome.Held held = (HoldOutcome.Held) now(large.hold(id, EXPIRY));
                byte[] wrapping = wrapping(held.slot());
                byte[] bytes = Files.readAllBytes(file());
                if (i % 200 == 0) {
                    assertThat(contains(bytes, wrapping))
                            .as("control: a live key is found")
                            .isTrue();
                    assertThat(contains(bytes, held.key().getEncoded()))
                            .as("only wrapped")
                            .isFalse();
                    liveWrappings.add(wrapping);
                } else {
                    erasedWrappings.add(wrapping);
                    now(large.erase(held.slot(), id, EraseReason.DELIVERED));
                    awaited(large.free(held.slot(), id));
                }
            }
        }
        byte[] bytes = Files.readAllBytes(file());
        Set<ByteBuffer> pieces = new HashSet<>();
        for (int i = 0; i + 8 <= bytes.length; i++) {
            pieces.add(ByteBuffer.wrap(bytes, i, 8).slice());
        }
        for (byte[] live : liveWrappings) {
            assertThat(pieces).contains(ByteBuffer.wrap(live, 0, 8).slice());
        }
        for (byte[] erased : erasedWrappings) {
            for (int i = 0; i + 8 <= erased.length; i++) {
                assertThat(pieces.contains(ByteBuffer.wrap(erased, i, 8).slice()))
                        .isFalse();
            }
        }
    }

    private byte[] wrapping(SlotReference slot) throws IOException {
        return Arrays.copyOf(bytes(SlotLayout.fileOffset(slot.slot()) + SlotLayout.KEY_AREA, 64), 60);
    }

    private static boolean contains(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void a_wrapped_key_copied_to_another_slot_or_with_another_expiry_does_not_open() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference from = hold(id).slot();
        SlotReference to = hold(id).slot();
        byte[] own = bytes(SlotLayout.fileOffset(to.slot()) + SlotLayout.KEY_AREA, 64);
        write(
                SlotLayout.fileOffset(to.slot()) + SlotLayout.KEY_AREA,
                bytes(SlotLayout.fileOffset(from.slot()) + SlotLayout.KEY_AREA, 64));
        assertThat(awaited(ingest.key(from, id))).isPresent();
        assertThat(awaited(ingest.key(to, id))).isEmpty();
        write(SlotLayout.fileOffset(to.slot()) + SlotLayout.KEY_AREA, own);
        assertThat(awaited(ingest.key(to, id))).isPresent();
        write(SlotLayout.fileOffset(to.slot()) + SlotLayout.EXPIRY, new byte[] {1});
        assertThat(awaited(ingest.key(to, id))).isEmpty();
    }

    // ------------------------------------------------------------ sweep

    @Test
    void a_sweep_destroys_what_is_past_its_expiry_and_nothing_else() {
        UUID held = UUID.randomUUID();
        UUID offered = UUID.randomUUID();
        UUID later = UUID.randomUUID();
        SlotReference heldSlot = hold(held).slot();
        SlotReference offeredSlot = hold(offered).slot();
        SlotReference laterSlot = ((HoldOutcome.Held) now(ingest.hold(later, EXPIRY.plusMillis(1)))).slot();
        now(router.offer(() -> true, offeredSlot, offered, 0, FJORD));

        assertThat(router.sweep(EXPIRY.minusMillis(1))).isEqualTo(new SweepResult(0, 0, 0, 0));
        assertThat(router.sweep(EXPIRY)).isEqualTo(new SweepResult(2, 0, 0, 0));
        assertThat(awaited(router.read(heldSlot)).orElseThrow().reason()).contains(EraseReason.EXPIRED);
        assertThat(awaited(router.read(offeredSlot)).orElseThrow().broker()).isEqualTo(FJORD);
        assertThat(awaited(router.key(laterSlot, later))).isPresent();
        assertThat(awaited(router.erased())).hasSize(2);
        assertThat(router.sweep(EXPIRY)).isEqualTo(new SweepResult(0, 0, 0, 0));
    }

    @Test
    void an_erasure_that_a_crash_interrupted_is_finished_by_a_sweep() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        setWord(slot, StateWord.erasing(word(slot), EraseReason.WITHDRAWN));
        assertThat(awaited(router.key(slot, id))).isEmpty();
        assertThat(router.sweep(NOW)).isEqualTo(new SweepResult(0, 1, 0, 0));
        assertThat(awaited(router.read(slot)).orElseThrow().reason()).contains(EraseReason.WITHDRAWN);
        assertThat(wrapping(slot)).containsOnly(0);
    }

    @Test
    void an_erasure_that_a_crash_interrupted_is_finished_by_the_next_and_keeps_its_reason() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        setWord(slot, StateWord.erasing(word(slot), EraseReason.WITHDRAWN));
        EraseOutcome outcome = now(router.erase(slot, id, EraseReason.EXPIRED));
        assertThat(outcome).isInstanceOf(EraseOutcome.AlreadyErased.class);
        SlotView view = ((EraseOutcome.AlreadyErased) outcome).view();
        assertThat(view.state()).isEqualTo(SlotState.ERASED);
        assertThat(view.reason()).contains(EraseReason.WITHDRAWN);
        assertThat(wrapping(slot)).containsOnly(0);
    }

    @Test
    void a_claim_is_reclaimed_only_once_it_was_seen_unchanged_for_a_minute() throws IOException {
        SlotReference slot = new SlotReference(9, 1);
        setWord(slot, StateWord.claimed(0));
        write(SlotLayout.fileOffset(9) + SlotLayout.KEY_AREA, new byte[] {1, 2, 3});
        assertThat(router.sweep(NOW).reclaimed()).isZero();
        assertThat(router.sweep(NOW.plusSeconds(59)).reclaimed()).isZero();
        assertThat(router.sweep(NOW.plusSeconds(60)).reclaimed()).isEqualTo(1);
        assertThat(StateWord.state(word(slot))).isEqualTo(StateWord.FREE);
        assertThat(wrapping(slot)).containsOnly(0);
    }

    @Test
    void a_damaged_slot_keeps_no_key_and_is_not_reported_as_anyones() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        write(SlotLayout.fileOffset(slot.slot()) + SlotLayout.SIGNUP_ID_HIGH, new byte[] {1, 2, 3});
        assertThat(awaited(router.key(slot, id))).isEmpty();
        assertThat(router.sweep(NOW)).isEqualTo(new SweepResult(0, 0, 0, 1));
        assertThat(wrapping(slot)).containsOnly(0);
        assertThat(awaited(router.erased())).isEmpty();
        assertThat(awaited(router.read(slot))).isEmpty();
    }

    /** Each state that a damaged word may show, with the key still there. */
    @Test
    void a_slot_whose_state_is_damaged_is_not_freed_before_its_key_is_destroyed() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        long live = word(slot);
        setWord(slot, StateWord.erased(StateWord.erasing(live, EraseReason.DELIVERED)));
        assertThat(wrapping(slot)).isNotEqualTo(new byte[wrapping(slot).length]);
        assertThat(awaited(router.erased())).as("nothing may be claimed of it").isEmpty();
        assertThat(awaited(router.read(slot))).isEmpty();
        assertThat(awaited(router.free(slot, id))).isFalse();
        assertThat(StateWord.state(word(slot))).isEqualTo(StateWord.ERASED);
        assertThat(router.sweep(NOW)).isEqualTo(new SweepResult(0, 0, 0, 1));
        assertThat(wrapping(slot)).containsOnly(0);
        assertThat(StateWord.state(word(slot))).isEqualTo(StateWord.FREE);
    }

    @Test
    void a_slot_that_looks_like_a_claim_is_freed_only_after_its_key_was_synced_and_read_back_as_zero()
            throws IOException {
        SlotReference slot = hold(UUID.randomUUID()).slot();
        setWord(slot, StateWord.claimed(word(slot)));
        long synced = awaited(router.usage()).syncs();
        assertThat(router.sweep(NOW).reclaimed()).isZero();
        assertThat(router.sweep(NOW.plusSeconds(60)).reclaimed()).isEqualTo(1);
        assertThat(wrapping(slot)).containsOnly(0);
        assertThat(StateWord.state(word(slot))).isEqualTo(StateWord.FREE);
        assertThat(awaited(router.usage()).syncs()).isGreaterThan(synced);
    }

    // ------------------------------------------------------------ two processes' worth of callers

    @Test
    void a_withdrawal_and_an_offer_never_both_come_first() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        CyclicBarrier start = new CyclicBarrier(2);
        int offersFirst = 0;
        int withdrawalsFirst = 0;
        for (int round = 0; round < ROUNDS; round++) {
            UUID id = UUID.randomUUID();
            SlotReference slot = hold(id).slot();
            int lag = round % 64;
            Future<OfferOutcome> offering = two.submit(() -> {
                start.await();
                spin(lag);
                return now(router.offer(() -> true, slot, id, 0, FJORD));
            });
            Future<EraseOutcome> withdrawing = two.submit(() -> {
                start.await();
                spin(64 - lag);
                return now(ingest.erase(slot, id, EraseReason.WITHDRAWN));
            });
            SlotView erased = ((EraseOutcome.Erased) withdrawing.get()).view();
            if (offering.get() instanceof OfferOutcome.Offered) {
                offersFirst++;
                assertThat(erased.attempt())
                        .as("round %d: the withdrawal knows of the offer", round)
                        .isEqualTo(1);
                assertThat(erased.broker()).isEqualTo(FJORD);
            } else {
                withdrawalsFirst++;
                assertThat(offering.get()).isInstanceOf(OfferOutcome.Erased.class);
                assertThat(erased.attempt())
                        .as("round %d: nothing was offered", round)
                        .isZero();
            }
            assertThat(awaited(router.key(slot, id))).isEmpty();
            assertThat(awaited(ingest.free(slot, id))).isTrue();
        }
        two.shutdown();
        assertThat(offersFirst).isPositive();
        assertThat(withdrawalsFirst).isPositive();
    }

    private static void spin(int times) {
        for (int i = 0; i < times * 20; i++) {
            Thread.onSpinWait();
        }
    }

    @Test
    void erasures_of_one_slot_at_once_agree_on_the_reason_and_one_began_it() throws Exception {
        ExecutorService four = Executors.newFixedThreadPool(4);
        for (int round = 0; round < 200; round++) {
            UUID id = UUID.randomUUID();
            SlotReference slot = hold(id).slot();
            List<Future<EraseOutcome>> erasures = new ArrayList<>();
            for (EraseReason reason :
                    List.of(EraseReason.DELIVERED, EraseReason.WITHDRAWN, EraseReason.EXPIRED, EraseReason.INVALID)) {
                SlotFile through = erasures.size() % 2 == 0 ? ingest : router;
                erasures.add(four.submit(() -> now(through.erase(slot, id, reason))));
            }
            int began = 0;
            SlotView last = null;
            for (Future<EraseOutcome> erasure : erasures) {
                SlotView view;
                if (erasure.get() instanceof EraseOutcome.Erased erased) {
                    began++;
                    view = erased.view();
                } else {
                    view = ((EraseOutcome.AlreadyErased) erasure.get()).view();
                }
                assertThat(view.state()).isEqualTo(SlotState.ERASED);
                assertThat(last == null || last.equals(view)).isTrue();
                last = view;
            }
            assertThat(began).isEqualTo(1);
            assertThat(awaited(ingest.free(slot, id))).isTrue();
        }
        four.shutdown();
    }

    @Test
    void many_changes_at_once_share_syncs() {
        List<CompletableFuture<HoldOutcome>> holds = new ArrayList<>();
        try (SlotFile large = open(64, 4096)) {
            for (int i = 0; i < 4096; i++) {
                holds.add(large.hold(UUID.randomUUID(), EXPIRY).toCompletableFuture());
            }
            holds.forEach(SlotFileTest::now);
            CustodyUsage usage = awaited(large.usage());
            assertThat(usage.changesSynced()).isEqualTo(4096);
            assertThat(usage.syncs()).isLessThan(4096);
        }
    }

    // ------------------------------------------------------------ failures

    @Test
    void a_held_key_is_told_after_another_sync_and_an_offered_one_is_not() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        long syncs = awaited(router.usage()).syncs();
        assertThat(now(router.heldKey(slot, id))).isPresent();
        assertThat(awaited(router.usage()).syncs()).isGreaterThan(syncs);
        assertThat(now(router.heldKey(slot, UUID.randomUUID()))).isEmpty();
        now(router.offer(() -> true, slot, id, 0, FJORD));
        assertThat(now(router.heldKey(slot, id))).isEmpty();
    }

    @Test
    void after_a_failed_sync_nothing_is_accepted_any_more() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        SyncGroup.Target sync = () -> {
            if (broken.get()) {
                throw new IOException("the disk is gone");
            }
        };
        try (SlotFile failing = SlotFile.open(
                new CustodySettings(file(), 64, 64),
                keyset,
                InstantSource.fixed(NOW),
                new SlotFile.Parts(sync, FaultPoints.NONE))) {
            UUID id = UUID.randomUUID();
            SlotReference slot = hold(id).slot();
            broken.set(true);
            assertFails(failing.hold(UUID.randomUUID(), EXPIRY));
            broken.set(false);
            assertThat(failing.failed()).isTrue();
            assertThat(awaited(failing.usage()).failed()).isTrue();
            assertFails(failing.hold(UUID.randomUUID(), EXPIRY));
            assertFails(failing.offer(() -> true, slot, id, 0, FJORD));
            assertFails(failing.heldKey(slot, id));
            assertFails(failing.erase(slot, id, EraseReason.WITHDRAWN));
            assertThatThrownBy(() -> failing.sweep(EXPIRY)).isInstanceOf(CustodyException.class);
            assertThatThrownBy(() -> awaited(failing.key(slot, id))).isInstanceOf(CustodyException.class);
            assertThat(failing.failure().orElseThrow()).contains("could not be made durable");
            assertThat(awaited(router.key(slot, id)))
                    .as("a withdrawal still stops every offer")
                    .isEmpty();
            assertThat(now(router.erase(slot, id, EraseReason.WITHDRAWN)))
                    .as("a healthy process finishes it")
                    .isInstanceOf(EraseOutcome.AlreadyErased.class);
        }
    }

    @Test
    void without_its_epoch_key_a_slot_file_gives_no_key_but_can_still_destroy_it() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        KeysetSource none = new KeysetSource() {
            @Override
            public int currentEpoch() {
                return 1;
            }

            @Override
            public Optional<SecretKey> key(int epoch) {
                return Optional.empty();
            }
        };
        try (SlotFile blind = SlotFile.open(new CustodySettings(file(), 64, 64), none)) {
            blind.serveKeysAfter((signups, mark, purged) -> {}, Duration.ZERO);
            assertThat(awaited(blind.key(slot, id))).isEmpty();
            assertFails(blind.hold(UUID.randomUUID(), EXPIRY));
            assertThat(now(blind.erase(slot, id, EraseReason.EXPIRED))).isInstanceOf(EraseOutcome.Erased.class);
        }
    }

    private static void assertFails(CompletionStage<?> stage) {
        assertThatThrownBy(() -> stage.toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CustodyException.class);
    }

    @Test
    void a_closed_custody_accepts_nothing_but_finished_what_waited() {
        List<CompletableFuture<HoldOutcome>> holds = new ArrayList<>();
        SlotFile closing = open(64, 64);
        for (int i = 0; i < 20; i++) {
            holds.add(closing.hold(UUID.randomUUID(), EXPIRY).toCompletableFuture());
        }
        closing.close();
        closing.close();
        holds.forEach(hold -> assertThat(now(hold)).isInstanceOf(HoldOutcome.Held.class));
        assertFails(closing.hold(UUID.randomUUID(), EXPIRY));
    }

    // ------------------------------------------------------------ opening

    @Test
    void a_new_file_is_for_its_owner_only() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(Files.size(file())).isEqualTo(65_536 + 64 * 128);
    }

    @Test
    void a_file_opened_again_still_has_its_keys() {
        UUID id = UUID.randomUUID();
        HoldOutcome.Held held = hold(id);
        try (SlotFile again = open(1000, 1000)) {
            assertThat(again.serving()).isFalse();
            assertThatThrownBy(() -> awaited(again.key(held.slot(), id))).isInstanceOf(CustodyException.class);
            assertFails(again.offer(() -> true, held.slot(), id, 0, FJORD));
            again.serveKeysAfter((signups, mark, purged) -> {}, Duration.ZERO);
            assertThat(awaited(again.key(held.slot(), id)).orElseThrow().getEncoded())
                    .isEqualTo(held.key().getEncoded());
            assertThat(awaited(again.usage()).capacity())
                    .as("it grew to what was asked for")
                    .isEqualTo(1000);
            assertThat(awaited(ingest.usage()).capacity())
                    .as("within its own maximum")
                    .isEqualTo(64);
        }
    }

    @Test
    void a_file_of_another_kind_version_or_content_is_refused_with_what_was_found() throws IOException {
        byte[] header = bytes(0, 48);
        write(0, new byte[] {0x50, 0x4B});
        assertRefused("504b");
        write(0, header);
        write(8, new byte[] {0, 0, 0, 9});
        assertRefused("layout version is 9");
        write(0, header);
        write(20, new byte[] {(byte) ~header[20]});
        assertRefused("checksum");
        write(0, header);
        open(64, 64).close();
        Files.write(directory.resolve("short"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> SlotFile.open(new CustodySettings(directory.resolve("short"), 64, 64), keyset))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("3 bytes");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file());
        assertThatThrownBy(() -> SlotFile.open(new CustodySettings(link, 64, 64), keyset))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("symbolic");
    }

    private void assertRefused(String found) {
        assertThatThrownBy(() -> open(64, 64))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("refused")
                .hasMessageContaining(found);
    }

    // ------------------------------------------------------------ the file as another process changes it

    private long word(SlotReference slot) throws IOException {
        return ByteBuffer.wrap(bytes(SlotLayout.fileOffset(slot.slot()), 8))
                .order(ByteOrder.nativeOrder())
                .getLong();
    }

    private void setWord(SlotReference slot, long word) throws IOException {
        byte[] bytes = new byte[8];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putLong(word);
        write(SlotLayout.fileOffset(slot.slot()), bytes);
    }

    private byte[] bytes(long at, int length) throws IOException {
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
