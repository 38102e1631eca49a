package org.brokerhandoff.custody.cells.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.cells.fitness.DatabaseFinding;
import org.brokerhandoff.custody.cells.fitness.DatabaseRequirement;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.rules.CellRuns;
import org.brokerhandoff.custody.cells.rules.CellSet;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.EraseDecision;
import org.brokerhandoff.custody.cells.rules.HoldNumber;
import org.brokerhandoff.custody.cells.rules.RowRules;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL with a synchronous standby, and two processes' stores over it. The last tests take the standby away. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DecisionStoreIT {
    private static final boolean LONG = Boolean.getBoolean("handoff.test.long");
    private static final int RACES = LONG ? 10_000 : 1_000;
    private static final Instant NOW = Instant.parse("2026-11-29T23:00:00Z");
    private static final BrokerTag FJORD = BrokerTag.of("fjord-markets");

    @TempDir
    static Path folder;

    private static DatabaseProcess primary;
    private static DatabaseProcess standby;
    private static DecisionStore router;
    private static DecisionStore ingest;

    @BeforeAll
    static void open() {
        DatabaseProcess.assumeInstalled();
        primary = DatabaseProcess.start(folder.resolve("primary"));
        standby = primary.standby(folder.resolve("standby"));
        router = DecisionStore.open(primary.settings(Duration.ofSeconds(20)));
        ingest = DecisionStore.open(primary.settings(Duration.ofSeconds(20)));
    }

    @AfterAll
    static void close() {
        if (router != null) {
            router.close();
            ingest.close();
            standby.close();
            primary.close();
        }
    }

    private static <T> T now(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static CompletionStage<CustodyRow> holding() {
        return ingest.hold(
                CustodyRow.fresh(UUID.randomUUID(), new CellHandle(UUID.randomUUID()), 1, NOW.plusSeconds(3600)),
                OptionalInt.empty());
    }

    private static List<CustodyRow> held(int count) {
        List<CompletionStage<CustodyRow>> holds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            holds.add(holding());
        }
        return holds.stream().map(DecisionStoreIT::now).toList();
    }

    private static CompletionStage<OfferOutcome> offer(CustodyRow row, int attempts, Optional<FencingToken> fence) {
        return router.decide(
                HoldNumber.reference(row.hold()),
                row.signupId(),
                fence,
                (found, owner) -> RowRules.offer(found, owner, attempts, FJORD));
    }

    private static CompletionStage<EraseDecision> erase(CustodyRow row) {
        return ingest.decide(
                HoldNumber.reference(row.hold()),
                row.signupId(),
                Optional.empty(),
                (found, owner) -> RowRules.erase(found, EraseReason.WITHDRAWN, NOW));
    }

    private static CustodyRow read(CustodyRow row) {
        return ingest.find(row.signupId()).get(0);
    }

    @Test
    @Order(1)
    void a_row_goes_through_its_life_as_the_rules_say_and_comes_back_as_it_was_written() {
        CustodyRow held = now(holding());
        assertThat(read(held)).isEqualTo(held);
        assertThat(now(offer(held, 0, Optional.empty()))).isEqualTo(new OfferOutcome.Offered(1));
        assertThat(now(offer(held, 0, Optional.empty()))).isEqualTo(new OfferOutcome.Changed());
        EraseDecision.Destroy destroy = (EraseDecision.Destroy) now(erase(held));
        assertThat(destroy.began()).isTrue();
        assertThat(read(held)).isEqualTo(destroy.row());
        assertThat(destroy.row().attempt()).isEqualTo(1);
        var reference = HoldNumber.reference(held.hold());
        CustodyRow erased = now(ingest.decide(
                        reference,
                        held.signupId(),
                        Optional.empty(),
                        (found, owner) -> RowRules.zeroed(found, new CellSet(0b101), CellRuns.NONE, NOW)))
                .orElseThrow();
        assertThat(erased.state()).isEqualTo(SlotState.ERASED);
        assertThat(read(held)).isEqualTo(erased);
        assertThat(now(offer(held, 1, Optional.empty()))).isEqualTo(new OfferOutcome.Erased(erased.view()));
        assertThat(now(ingest.<Boolean>decide(
                        reference, UUID.randomUUID(), Optional.empty(), (found, owner) -> RowRules.free(found))))
                .as("another signup's")
                .isFalse();
        assertThat(now(ingest.<Boolean>decide(
                        reference, held.signupId(), Optional.empty(), (found, owner) -> RowRules.free(found))))
                .isTrue();
        assertThat(ingest.find(held.signupId())).isEmpty();
        assertThat(now(offer(held, 1, Optional.empty()))).isEqualTo(new OfferOutcome.Gone());
    }

    @Test
    @Order(2)
    void an_offer_and_a_withdrawal_of_one_moment_are_never_both_first() {
        int round = 8;
        int offeredFirst = 0;
        for (int i = 0; i < RACES; i += round) {
            List<CustodyRow> rows = held(round);
            boolean offersAreSentFirst = i / round % 2 == 0;
            // Every other pair of rounds has a head start of one round trip: then both orders happen on any machine.
            boolean headStart = i / round % 4 < 2;
            List<CompletionStage<OfferOutcome>> offers = new ArrayList<>();
            List<CompletionStage<EraseDecision>> erasures = new ArrayList<>();
            Runnable offering = () -> rows.forEach(row -> offers.add(offer(row, 0, Optional.empty())));
            Runnable erasing = () -> rows.forEach(row -> erasures.add(erase(row)));
            (offersAreSentFirst ? offering : erasing).run();
            if (headStart) {
                List<? extends CompletionStage<?>> sent = offersAreSentFirst ? offers : erasures;
                now(sent.get(0));
            }
            (offersAreSentFirst ? erasing : offering).run();
            for (int k = 0; k < round; k++) {
                OfferOutcome offer = now(offers.get(k));
                CustodyRow erased = ((EraseDecision.Destroy) now(erasures.get(k))).row();
                boolean offered = offer.equals(new OfferOutcome.Offered(1));
                assertThat(offered || offer instanceof OfferOutcome.Erased).isTrue();
                assertThat(erased.attempt()).isEqualTo(offered ? 1 : 0);
                offeredFirst += offered ? 1 : 0;
            }
        }
        assertThat(offeredFirst).as("control: both orders happen").isBetween(1, RACES - 1);
    }

    @Test
    @Order(3)
    void an_earlier_owner_of_a_partition_offers_nothing_once_another_has_it() {
        PartitionTokens one = router.leases(UUID.randomUUID());
        PartitionTokens other = ingest.leases(UUID.randomUUID());
        FencingToken first = one.acquire(7, Duration.ofMinutes(5)).orElseThrow();
        assertThat(other.acquire(7, Duration.ofMinutes(5))).isEmpty();
        assertThat(one.prolong(Set.of(first), Duration.ofMinutes(5))).contains(first);
        CustodyRow row = now(holding());
        assertThat(now(offer(row, 0, Optional.of(first)))).isEqualTo(new OfferOutcome.Offered(1));
        one.release(first);
        assertThat(one.prolong(Set.of(first), Duration.ofMinutes(5))).isEmpty();
        FencingToken second = other.acquire(7, Duration.ofMinutes(5)).orElseThrow();
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(now(offer(row, 1, Optional.of(first)))).isEqualTo(new OfferOutcome.NotOwner());
        assertThat(now(offer(row, 1, Optional.of(second)))).isEqualTo(new OfferOutcome.Offered(2));
        one.release(first);
        assertThat(other.prolong(Set.of(second), Duration.ofMinutes(5)))
                .as("a late release of the first changes nothing")
                .contains(second);
    }

    /** What the new owner reads is all there is: an offer of the earlier one is there by then, or never comes. */
    @Test
    @Order(4)
    void an_offer_that_is_under_way_while_the_partition_changes_hands_is_seen_by_the_new_owner_or_refused() {
        int rounds = LONG ? 500 : 60;
        PartitionTokens one = router.leases(UUID.randomUUID());
        PartitionTokens other = ingest.leases(UUID.randomUUID());
        int seen = 0;
        for (int round = 0; round < rounds; round++) {
            FencingToken first = one.acquire(8, Duration.ofMinutes(5)).orElseThrow();
            CustodyRow row = now(holding());
            CompletionStage<OfferOutcome> offering = offer(row, 0, Optional.of(first));
            if (round % 4 == 0) {
                // A round trip later it has come in time, on any machine.
                now(offering);
            }
            one.release(first);
            FencingToken second = other.acquire(8, Duration.ofMinutes(5)).orElseThrow();
            int attempts = read(row).attempt();
            OfferOutcome outcome = now(offering);
            assertThat(outcome).isEqualTo(attempts == 1 ? new OfferOutcome.Offered(1) : new OfferOutcome.NotOwner());
            seen += attempts;
            other.release(second);
        }
        assertThat(seen).as("control: some were in time").isPositive();
    }

    @Test
    @Order(5)
    void a_row_that_is_repaired_is_erased_afterwards_and_holds_up_no_other() {
        CustodyRow repaired = now(holding());
        RepairRow lock = router.repairing(repaired, Runnable::run, Duration.ofMinutes(1));
        assertThat(now(lock.lock())).isTrue();
        CompletableFuture<EraseDecision> erasing = erase(repaired).toCompletableFuture();
        for (CustodyRow other : held(20)) {
            assertThat(now(erase(other))).isInstanceOf(EraseDecision.Destroy.class);
        }
        assertThat(erasing).isNotDone();
        assertThat(now(lock.look())).isTrue();
        lock.release();
        assertThat(now(erasing)).isInstanceOf(EraseDecision.Destroy.class);
        assertThat(now(lock.look())).isFalse();
        RepairRow late = router.repairing(repaired, Runnable::run, Duration.ofMinutes(1));
        assertThat(now(late.lock())).as("erased").isFalse();
        late.release();
    }

    @Test
    @Order(6)
    void a_repairer_that_is_stalled_loses_its_lock_and_sees_at_its_second_look_that_the_key_is_erased() {
        CustodyRow repaired = now(holding());
        RepairRow lock = router.repairing(repaired, Runnable::run, Duration.ofMillis(300));
        assertThat(now(lock.lock())).isTrue();
        assertThat(now(erase(repaired))).isInstanceOf(EraseDecision.Destroy.class);
        assertThat(now(lock.look())).isFalse();
        lock.release();
        assertThat(now(holding()))
                .as("the connection that was lost does no harm")
                .isNotNull();
    }

    @Test
    @Order(7)
    void a_database_whose_commits_wait_for_a_standby_is_fit_and_each_setting_that_lets_them_not_is_named() {
        assertThat(DatabaseRequirement.examine(router.facts())).isEmpty();
        try (DecisionStore fresh = examined("synchronous_commit", "local")) {
            assertThat(DatabaseRequirement.examine(fresh.facts()))
                    .containsExactly(new DatabaseFinding(DatabaseRequirement.SYNCHRONOUS_COMMIT, "local"));
        }
        try (DecisionStore fresh = examined("full_page_writes", "off")) {
            assertThat(DatabaseRequirement.examine(fresh.facts()))
                    .containsExactly(new DatabaseFinding(DatabaseRequirement.FULL_PAGE_WRITES, "off"));
        }
        try (DecisionStore fresh = examined("synchronous_standby_names", "")) {
            assertThat(DatabaseRequirement.examine(fresh.facts()))
                    .containsExactly(new DatabaseFinding(DatabaseRequirement.STANDBY, "none"));
        }
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        primary.execute("SELECT pg_reload_conf()");
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> DatabaseRequirement.examine(router.facts()).isEmpty());
    }

    private static DecisionStore examined(String setting, String value) {
        primary.execute("ALTER SYSTEM RESET ALL");
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        primary.execute("ALTER SYSTEM SET " + setting + " = '" + value + "'");
        primary.execute("SELECT pg_reload_conf()");
        await().atMost(60, TimeUnit.SECONDS)
                .until(() ->
                        primary.ask("SELECT current_setting('" + setting + "')").equals(value));
        return DecisionStore.open(primary.settings(Duration.ofSeconds(20)));
    }

    @Test
    @Order(8)
    void a_commit_that_gave_up_waiting_for_the_standby_is_not_known_and_the_command_made_again_finds_out()
            throws Exception {
        CustodyRow row = now(holding());
        standby.signal("STOP");
        try {
            CompletableFuture<OfferOutcome> offering =
                    offer(row, 0, Optional.empty()).toCompletableFuture();
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> primary.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                            .equals("1"));
            assertThatThrownBy(() -> offering.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            primary.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
            assertThatThrownBy(() -> offering.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(CustodyException.class);
        } finally {
            standby.signal("CONT");
        }
        assertThat(now(offer(row, 0, Optional.empty())))
                .as("it had been committed on the primary")
                .isEqualTo(new OfferOutcome.Changed());
        assertThat(now(offer(row, 1, Optional.empty()))).isEqualTo(new OfferOutcome.Offered(2));
    }

    @Test
    @Order(9)
    void a_database_that_is_killed_fails_what_is_under_way_and_serves_again_with_all_it_had_confirmed() {
        List<CustodyRow> rows = held(50);
        for (CustodyRow row : rows) {
            now(offer(row, 0, Optional.empty()));
        }
        try (DecisionStore impatient = DecisionStore.open(primary.settings(Duration.ofSeconds(1)))) {
            primary.close();
            CustodyRow row = rows.get(0);
            assertThatThrownBy(() -> impatient
                            .decide(
                                    HoldNumber.reference(row.hold()),
                                    row.signupId(),
                                    Optional.empty(),
                                    (found, owner) -> RowRules.offer(found, owner, 1, FJORD))
                            .toCompletableFuture()
                            .get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CustodyException.class);
        }
        primary.restart();
        for (CustodyRow row : rows) {
            assertThat(read(row).attempt()).isEqualTo(1);
        }
        await().atMost(60, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> offer(rows.get(1), 1, Optional.empty())
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS)
                        .equals(new OfferOutcome.Offered(2)));
    }

    @Test
    @Order(10)
    void what_was_confirmed_is_on_the_standby_when_the_primary_is_gone_for_good() {
        List<CustodyRow> rows = held(200);
        List<CompletionStage<OfferOutcome>> offers = new ArrayList<>();
        rows.forEach(row -> offers.add(offer(row, 0, Optional.empty())));
        offers.forEach(offer -> assertThat(now(offer)).isEqualTo(new OfferOutcome.Offered(1)));
        primary.close();
        standby.execute("SELECT pg_promote()");
        try (DecisionStore promoted = DecisionStore.open(standby.settings(Duration.ofSeconds(20)))) {
            for (CustodyRow row : rows) {
                assertThat(promoted.find(row.signupId()).get(0).attempt()).isEqualTo(1);
            }
            assertThat(DatabaseRequirement.examine(promoted.facts()))
                    .as("it has no standby of its own")
                    .containsExactly(new DatabaseFinding(DatabaseRequirement.STANDBY, "none"));
        }
    }
}
