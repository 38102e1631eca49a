package org.brokerhandoff.custody.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CellConfirmation;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LiftOutcome;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.cells.cell.CellReading;
import org.brokerhandoff.custody.cells.decisions.PartitionTokens;
import org.brokerhandoff.custody.cells.decisions.SignupLeases;
import org.brokerhandoff.custody.cells.rules.CellContent;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.EraseDecision;
import org.brokerhandoff.custody.cells.rules.RowRules;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The custody of cells, by what every custody does, and with cells that are away. */
class CellsCustodyIT extends KeyCustodyContract {
    private static final BrokerTag FJORD = BrokerTag.of("fjord-markets");

    @TempDir
    static Path folder;

    private static CellsInstallation installation;
    private CellsInstallation.@Nullable Host last;

    @BeforeAll
    static void start() {
        installation = CellsInstallation.start(folder);
    }

    @AfterAll
    static void stop() {
        if (installation != null) {
            installation.close();
        }
    }

    @Override
    KeyCustody opened() {
        last = installation.host(clock);
        return host().custody();
    }

    private CellsInstallation.Host host() {
        return Objects.requireNonNull(last);
    }

    private CustodyRow row() {
        return host().store().find(id).get(0);
    }

    private CellContent content(int cell) {
        CellReading reading = awaited(host().cells().get(cell).read(row().handle()));
        if (reading instanceof CellReading.Share share) {
            share.share().destroy();
        }
        return reading.content();
    }

    private record Owner(FencingToken token) implements Ownership {
        @Override
        public boolean held() {
            return true;
        }

        @Override
        public Optional<FencingToken> fence() {
            return Optional.of(token);
        }
    }

    @Test
    void an_owner_that_was_stopped_and_takes_itself_for_the_owner_offers_nothing() {
        PartitionTokens first = host().store().leases(UUID.randomUUID());
        PartitionTokens second = host().store().leases(UUID.randomUUID());
        FencingToken earlier = first.acquire(7, Duration.ofHours(1)).orElseThrow();
        SlotReference slot = hold(id).slot();
        assertThat(awaited(router.offer(new Owner(earlier), slot, id, 0, FJORD)))
                .isEqualTo(new OfferOutcome.Offered(1));
        first.release(earlier);
        FencingToken later = second.acquire(7, Duration.ofHours(1)).orElseThrow();
        assertThat(awaited(router.offer(new Owner(earlier), slot, id, 1, FJORD)))
                .isEqualTo(new OfferOutcome.NotOwner());
        assertThat(awaited(router.offer(new Owner(later), slot, id, 1, FJORD))).isEqualTo(new OfferOutcome.Offered(2));
    }

    @Test
    void a_restriction_is_not_lifted_under_a_lock_that_another_process_has_by_now() {
        SignupLeases stalled = host().store().signupLeases();
        SignupLeases next = host().store().signupLeases();
        SlotReference slot = hold(id).slot();
        awaited(ingest.restrict(slot, id));
        Owner lost = new Owner(stalled.acquire(3, Duration.ofMillis(1)).orElseThrow());
        Owner lock = new Owner(await().until(() -> next.acquire(3, Duration.ofHours(1)), Optional::isPresent)
                .orElseThrow());
        assertThat(stalled.acquire(3, Duration.ofHours(1))).isEmpty();
        assertThatThrownBy(() -> awaited(ingest.lift(slot, id, lost))).isInstanceOf(CustodyException.class);
        assertThat(awaited(ingest.read(slot)).orElseThrow().restricted()).isTrue();
        assertThat(awaited(ingest.lift(slot, id, lock))).isInstanceOf(LiftOutcome.Lifted.class);
        next.release(lock.token());
        assertThat(stalled.acquire(3, Duration.ofHours(1))).isPresent();
    }

    @Test
    void a_cell_that_is_away_keeps_nothing_from_being_held_offered_and_erased_and_is_told_when_it_is_back() {
        SlotReference slot = hold(id).slot();
        installation.cells.get(2).signal("STOP");
        EraseOutcome.Erased erased;
        try {
            UUID meanwhile = UUID.randomUUID();
            SlotReference other = hold(meanwhile).slot();
            assertThat(awaited(router.key(other, meanwhile))).isPresent();
            assertThat(awaited(router.key(slot, id))).isPresent();
            erased = (EraseOutcome.Erased) awaited(router.erase(slot, id, EraseReason.WITHDRAWN));
        } finally {
            installation.cells.get(2).signal("CONT");
        }
        assertThat(erased.readBack()).isEqualTo(ReadBack.CELLS);
        assertThat(erased.view().cells())
                .as("the cells that have confirmed, by the starts of their engines")
                .allSatisfy(confirmed -> assertThat(confirmed.runId()).matches("[0-9a-f]{40}"))
                .extracting(CellConfirmation::cell)
                .containsExactly(0, 1);
        host().awaitUsable();
        assertThat(row().zeroed().has(2)).isFalse();
        await().atMost(60, TimeUnit.SECONDS).until(() -> {
            router.sweep(clock.instant());
            return row().zeroed().has(2);
        });
        assertThat(content(2)).isEqualTo(CellContent.ZEROS);
        assertThat(awaited(router.key(slot, id))).isEmpty();
    }

    @Test
    void with_two_cells_away_nothing_is_held_and_an_erasure_stands_undone_until_the_sweep_can_finish_it() {
        SlotReference slot = hold(id).slot();
        UUID waiting = UUID.randomUUID();
        SlotReference held = hold(waiting).slot();
        installation.cells.get(0).signal("STOP");
        installation.cells.get(1).signal("STOP");
        try {
            // The limit for an answer passes once; from then on both count as away.
            assertThatThrownBy(() -> awaited(ingest.hold(UUID.randomUUID(), expiry)))
                    .isInstanceOf(CustodyException.class);
            assertThatThrownBy(() -> awaited(ingest.erase(slot, id, EraseReason.WITHDRAWN)))
                    .isInstanceOf(CustodyException.class);
            assertThatThrownBy(() -> awaited(ingest.key(hold(id).slot(), id))).isInstanceOf(CustodyException.class);
            assertThat(view(slot).state()).isEqualTo(SlotState.ERASING);
            assertThatThrownBy(() -> awaited(ingest.offer(() -> true, held, waiting, 0, FJORD)))
                    .isInstanceOf(CustodyException.class);
            assertThat(view(held).attempt()).as("no broker may have it").isZero();
            assertThat(awaited(router.offer(() -> true, slot, id, 0, FJORD))).isInstanceOf(OfferOutcome.Erased.class);
            assertThat(content(2)).isEqualTo(CellContent.ZEROS);
        } finally {
            installation.cells.get(0).signal("CONT");
            installation.cells.get(1).signal("CONT");
        }
        host().awaitUsable();
        await().atMost(60, TimeUnit.SECONDS).ignoreExceptions().until(() -> {
            router.sweep(clock.instant());
            return view(slot).state() == SlotState.ERASED;
        });
        assertThat(view(slot).reason()).contains(EraseReason.WITHDRAWN);
        assertThat(content(0)).isEqualTo(CellContent.ZEROS);
        assertThat(content(1)).isEqualTo(CellContent.ZEROS);
    }

    @Test
    void the_shares_of_a_prolonged_key_outlive_its_own_end_on_the_cells_too() throws Exception {
        Instant soon = Instant.now().plusSeconds(3);
        SlotReference slot = ((org.brokerhandoff.custody.HoldOutcome.Held) awaited(ingest.hold(id, soon))).slot();
        var unused = awaited(ingest.prolong(slot, id, soon.plusSeconds(600)));
        await().atMost(60, TimeUnit.SECONDS).until(() -> Instant.now().isAfter(soon.plusSeconds(1)));
        assertThat(awaited(router.key(slot, id))).isPresent();
        assertThat(content(0)).isEqualTo(CellContent.SHARE);
    }

    @Test
    void a_cell_that_was_started_again_gets_its_shares_by_the_sweep() {
        SlotReference slot = hold(id).slot();
        installation.cells.get(1).restart();
        host().awaitUsable();
        assertThat(content(1)).as("control: it has lost its memory").isEqualTo(CellContent.NOTHING);
        awaitSwept(() -> content(1) == CellContent.SHARE);
        installation.cells.get(0).restart();
        host().awaitUsable();
        awaitSwept(() -> content(0) == CellContent.SHARE);
        installation.cells.get(2).restart();
        host().awaitUsable();
        assertThat(awaited(router.key(slot, id)))
                .as("of two shares that were both repaired")
                .isPresent();
    }

    @Test
    void an_erasure_whose_process_died_before_any_cell_was_told_is_finished_by_the_second_sweep_of_another() {
        SlotReference slot = hold(id).slot();
        var begun = awaited(host().store()
                .decide(
                        slot,
                        id,
                        Optional.empty(),
                        (row, owner) -> RowRules.erase(row, EraseReason.WITHDRAWN, clock.instant())));
        assertThat(begun).isInstanceOf(EraseDecision.Destroy.class);
        assertThat(awaited(router.key(slot, id))).as("its row forbids it").isEmpty();
        assertThat(content(0)).as("control: the shares are there").isEqualTo(CellContent.SHARE);
        router.sweep(clock.instant());
        assertThat(view(slot).state()).as("who began it may be at it").isEqualTo(SlotState.ERASING);
        assertThat(router.sweep(clock.instant()).finished()).isPositive();
        assertThat(view(slot).state()).isEqualTo(SlotState.ERASED);
        assertThat(view(slot).reason()).contains(EraseReason.WITHDRAWN);
        assertThat(content(0)).isEqualTo(CellContent.ZEROS);
    }

    private void awaitSwept(Callable<Boolean> condition) {
        await().atMost(90, TimeUnit.SECONDS).ignoreExceptions().until(() -> {
            router.sweep(clock.instant());
            return condition.call();
        });
    }

    @Test
    void a_key_that_two_cells_have_lost_ends_as_lost_and_one_that_was_offered_waits_for_its_broker() {
        SlotReference slot = hold(id).slot();
        UUID sent = UUID.randomUUID();
        SlotReference offered = hold(sent).slot();
        assertThat(awaited(router.offer(() -> true, offered, sent, 0, FJORD))).isEqualTo(new OfferOutcome.Offered(1));
        installation.cells.get(0).restart();
        installation.cells.get(1).restart();
        host().awaitUsable();
        awaitSwept(() -> view(slot).state() == SlotState.ERASED);
        assertThat(view(slot).reason()).contains(EraseReason.LOST);
        assertThat(view(slot).attempt()).isZero();
        assertThat(view(offered).state()).isEqualTo(SlotState.OFFERED);
        assertThat(awaited(router.key(offered, sent))).isEmpty();
        assertThat(awaited(router.erase(offered, sent, EraseReason.DELIVERED))).isInstanceOf(EraseOutcome.Erased.class);
    }

    @Test
    void shares_without_a_row_are_destroyed_at_the_second_look_and_those_of_a_key_are_not() {
        SlotReference slot = hold(id).slot();
        CellHandle orphan = new CellHandle(UUID.randomUUID());
        DataKey key = DataKey.random(new SecureRandom());
        assertThat(awaited(host().roster().deposit(orphan, key, expiry))).isTrue();
        CellRepair repair = new CellRepair(
                host().store(),
                host().roster(),
                new CellErasure(host().store(), host().roster(), clock),
                Runnable::run);
        var first = repair.lookThrough(0, clock.instant());
        assertThat(awaited(host().roster().hasShare(0, orphan))).isTrue();
        assertThat(repair.lookThrough(0, clock.instant()).destroyed()).isPositive();
        assertThat(awaited(host().roster().hasShare(0, orphan))).isFalse();
        assertThat(awaited(host().roster().hasShare(1, orphan)))
                .as("each cell by its own look")
                .isTrue();
        assertThat(first.destroyed()).isZero();
        assertThat(content(0)).isEqualTo(CellContent.SHARE);
        assertThat(awaited(router.key(slot, id))).isPresent();
    }
}
