package org.brokerhandoff.custody.cells;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.CustodyUsage;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LiftOutcome;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.ProlongOutcome;
import org.brokerhandoff.custody.PurgeHistory;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.custody.SweepResult;
import org.brokerhandoff.custody.cells.decisions.DecisionStore;
import org.brokerhandoff.custody.cells.decisions.RowCounts;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.Decision;
import org.brokerhandoff.custody.cells.rules.RowRules;

/**
 * Custody for several hosts: a row in PostgreSQL for each key, and its shares in three cells. What a row says was confirmed by the standby; what
 * the cells have is decided by the row alone. docs/several-hosts.md has the orders.
 *
 * <p>Where too few cells, or PostgreSQL, can be reached, stages complete exceptionally; the call made again finds what there is. Stages complete on
 * the store's threads and on the connections' event loops: what depends on them hands over.
 */
public final class CellsCustody implements KeyCustody {
    /** A database has no highest number of rows. */
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int READING_THREADS = 2;

    /** As of a slot, whose times have 32 bits. */
    private static final long MOST_SECONDS = 0xFFFF_FFFFL;

    private final DecisionStore store;
    private final CellRoster roster;
    private final int rosterNumber;
    private final InstantSource clock;
    private final SecureRandom random;
    private final HoldTerms terms;
    private final CellErasure erasure;
    private final CellSweep sweep;
    private final CellUpkeep upkeep;
    private final ExecutorService reading;
    private final ExecutorService locking;
    private final ExecutorService repairing;

    /**
     * A custody over both, which are closed with it.
     *
     * @param watch told of the same cells
     * @param rosterNumber under which the rows name the three cells
     * @param clock gives the times of erasures, and what is due
     * @param terms of every hold
     */
    public CellsCustody(
            DecisionStore store,
            CellRoster roster,
            CellWatch watch,
            int rosterNumber,
            InstantSource clock,
            SecureRandom random,
            HoldTerms terms) {
        this.store = store;
        this.roster = roster;
        this.rosterNumber = rosterNumber;
        this.clock = clock;
        this.random = random;
        this.terms = terms;
        this.erasure = new CellErasure(store, roster, clock);
        this.sweep = new CellSweep(store, roster, erasure);
        this.reading = threads("custody-reading", READING_THREADS);
        this.locking = threads("custody-locking", CellRepair.REPAIRS_AT_ONCE);
        this.repairing = threads("custody-repair", 1);
        this.upkeep = new CellUpkeep(watch, new CellRepair(store, roster, erasure, locking), repairing);
    }

    private static ExecutorService threads(String name, int number) {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(number, number, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    @Override
    public CompletionStage<HoldOutcome> hold(UUID signupId, Instant expiry) {
        return hold(signupId, expiry, OptionalInt.empty());
    }

    @Override
    public CompletionStage<HoldOutcome> hold(UUID signupId, Instant expiry, int reservationToken) {
        return hold(signupId, expiry, OptionalInt.of(reservationToken));
    }

    private CompletionStage<HoldOutcome> hold(UUID signupId, Instant expiry, OptionalInt token) {
        Optional<CustodyException> refusal = terms.distrust().or(terms::refusal);
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(refusal.get());
        }
        CompletionStage<?> durable = terms.durable();
        CellHandle handle = new CellHandle(UUID.randomUUID());
        Instant end = expiry.truncatedTo(ChronoUnit.MILLIS);
        DataKey key = DataKey.random(random);
        return roster.deposit(handle, key, end)
                .thenCompose(kept -> kept
                        ? store.hold(CustodyRow.fresh(signupId, handle, rosterNumber, end), token)
                        : CompletableFuture.failedFuture(
                                new CustodyException("two of the three cells have not taken a key")))
                .thenCombine(durable, (row, nothing) -> row)
                .<HoldOutcome>thenApply(row -> new HoldOutcome.Held(row.view().reference(), key))
                .whenComplete((held, failure) -> {
                    if (failure != null) {
                        // A row that was written all the same is found by the signup; shares without one expire.
                        key.destroy();
                    }
                });
    }

    @Override
    public CompletionStage<Optional<DataKey>> key(SlotReference slot, UUID signupId) {
        return trusting(() -> row(slot, signupId).thenCompose(row -> key(row.filter(CustodyRow::live))));
    }

    @Override
    public CompletionStage<Optional<DataKey>> heldKey(SlotReference slot, UUID signupId) {
        return trusting(() -> store.decide(slot, signupId, Optional.empty(), (row, owner) -> RowRules.heldAgain(row))
                .thenCombine(terms.durable(), (row, nothing) -> row)
                .thenCompose(this::key));
    }

    private <T> CompletionStage<T> trusting(Supplier<CompletionStage<T>> decision) {
        Optional<CustodyException> distrust = terms.distrust();
        return distrust.isPresent() ? CompletableFuture.failedFuture(distrust.get()) : decision.get();
    }

    private CompletionStage<Optional<DataKey>> key(Optional<CustodyRow> row) {
        if (row.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return roster.key(row.get().handle()).thenApply(reading -> {
            if (reading instanceof KeyReading.Found found) {
                return Optional.of(found.key());
            } else if (reading instanceof KeyReading.Lost) {
                return Optional.empty();
            }
            throw new CustodyException("two of the three cells do not answer");
        });
    }

    @Override
    public CompletionStage<Optional<SlotView>> read(SlotReference slot) {
        return store.read(slot).thenApply(row -> row.map(CustodyRow::view));
    }

    private CompletionStage<Optional<CustodyRow>> row(SlotReference slot, UUID signupId) {
        return store.decide(slot, signupId, Optional.empty(), (row, owner) -> Decision.keep(row));
    }

    @Override
    public CompletionStage<Optional<SlotView>> find(UUID signupId) {
        return CompletableFuture.supplyAsync(() -> store.find(signupId), reading)
                .thenApply(rows -> rows.stream()
                        .max(Comparator.comparing(CustodyRow::live).thenComparing(CustodyRow::hold))
                        .map(CustodyRow::view));
    }

    @Override
    public CompletionStage<OfferOutcome> offer(
            Ownership ownership, SlotReference slot, UUID signupId, int attempts, BrokerTag broker) {
        if (broker.equals(BrokerTag.NONE)) {
            throw new IllegalArgumentException("an offer names a broker");
        }
        if (!roster.usable().majority()) {
            // Nothing could be sent, and an offer that stands would say that the broker may have the data.
            return trusting(() -> row(slot, signupId)
                    .thenCompose(row -> row.filter(CustodyRow::live).isPresent()
                            ? CompletableFuture.failedFuture(new CustodyException("two of the three cells are away"))
                            : offerOnRow(ownership, slot, signupId, attempts, broker)));
        }
        return trusting(() -> offerOnRow(ownership, slot, signupId, attempts, broker));
    }

    private CompletionStage<OfferOutcome> offerOnRow(
            Ownership ownership, SlotReference slot, UUID signupId, int attempts, BrokerTag broker) {
        return store.decide(
                slot,
                signupId,
                ownership.fence(),
                (row, owner) -> RowRules.offer(row, owner && ownership.held(), attempts, broker));
    }

    @Override
    public CompletionStage<RestrictOutcome> restrict(SlotReference slot, UUID signupId) {
        return trusting(() -> store.decide(slot, signupId, Optional.empty(), (row, owner) -> RowRules.restrict(row)));
    }

    @Override
    public CompletionStage<LiftOutcome> lift(SlotReference slot, UUID signupId) {
        return trusting(() -> store.decide(slot, signupId, Optional.empty(), (row, owner) -> RowRules.lift(row)));
    }

    @Override
    public CompletionStage<LiftOutcome> lift(SlotReference slot, UUID signupId, Ownership lock) {
        return trusting(() -> store.decide(slot, signupId, lock.fence(), (row, owner) -> {
            if (!owner) {
                throw new CustodyException("the lock under which a restriction was to be lifted is lost");
            }
            return RowRules.lift(row);
        }));
    }

    /**
     * The cells first: a row that promises more than they keep would lose its key. Shares that outlive their row's end by a crash in between are
     * destroyed at that end by the sweep. Taken back in the other order.
     */
    @Override
    public CompletionStage<ProlongOutcome> prolong(SlotReference slot, UUID signupId, Instant until) {
        if (until.getEpochSecond() > MOST_SECONDS) {
            throw new IllegalArgumentException("no key is kept until " + until);
        }
        return trusting(() -> row(slot, signupId)).thenCompose(found -> {
            if (found.filter(CustodyRow::live).isEmpty()) {
                return prolongRow(slot, signupId, until);
            }
            CustodyRow row = found.get();
            Instant to = until.truncatedTo(ChronoUnit.SECONDS);
            if (!to.isAfter(row.end())) {
                return prolongRow(slot, signupId, to).thenCompose(outcome -> shortened(row, outcome));
            }
            return roster.keep(row.handle(), to)
                    .thenCompose(kept -> kept
                            ? prolongRow(slot, signupId, to)
                            : CompletableFuture.failedFuture(
                                    new CustodyException("two of the three cells have not prolonged a key")));
        });
    }

    private CompletionStage<ProlongOutcome> prolongRow(SlotReference slot, UUID signupId, Instant until) {
        return store.decide(
                slot, signupId, Optional.empty(), (row, owner) -> RowRules.prolong(row, until, clock.instant()));
    }

    /** A cell that is not reached keeps its share for longer; the sweep tells it to destroy it. What is due is left to the sweep, which overwrites. */
    private CompletionStage<ProlongOutcome> shortened(CustodyRow row, ProlongOutcome outcome) {
        return outcome instanceof ProlongOutcome.Prolonged prolonged
                        && clock.instant().isBefore(prolonged.view().end())
                ? roster.keep(row.handle(), prolonged.view().end()).thenApply(kept -> outcome)
                : CompletableFuture.completedFuture(outcome);
    }

    @Override
    public CompletionStage<EraseOutcome> erase(SlotReference slot, UUID signupId, EraseReason reason) {
        return trusting(() -> erasure.erase(slot, signupId, reason, clock.instant()));
    }

    @Override
    public CompletionStage<?> position(SlotReference slot, UUID signupId, LogPosition position) {
        return store.decide(slot, signupId, Optional.empty(), (row, owner) -> RowRules.position(row, position));
    }

    @Override
    public CompletionStage<?> recorded(SlotReference slot, UUID signupId) {
        return store.decide(slot, signupId, Optional.empty(), (row, owner) -> RowRules.recorded(row));
    }

    @Override
    public CompletionStage<Boolean> free(SlotReference slot, UUID signupId) {
        return store.decide(slot, signupId, Optional.empty(), (row, owner) -> RowRules.free(row));
    }

    @Override
    public CompletionStage<List<SlotView>> erased() {
        return CompletableFuture.supplyAsync(store::erased, reading)
                .thenApply(rows -> rows.stream().map(CustodyRow::view).toList());
    }

    /** A row is {@code ERASED} only once two cells have said zero. */
    @Override
    public Optional<ReadBack> readBackOfErased() {
        return Optional.of(ReadBack.CELLS);
    }

    /**
     * Makes up for what rows that were restored from a copy do not know, by what the log says of them. Blocks; before anything is decided on them.
     *
     * @param mark how far the log was when the rows were as they are, if that is known
     * @param longestHold no signup's key expires later than this after the signup was received
     * @throws RuntimeException if the log cannot be read, or an erasure cannot be confirmed
     */
    public void compare(PurgeHistory purges, Optional<byte[]> mark, Duration longestHold) {
        new RowComparison(store, erasure, clock).compare(purges, mark, longestHold);
    }

    /** The signups that have a row. Blocks. */
    public Set<UUID> signups() {
        return store.signups();
    }

    @Override
    public SweepResult sweep(Instant now) {
        // A share without a row may be one that an older copy of the rows has forgotten.
        if (terms.distrust().isEmpty()) {
            upkeep.look(now);
        }
        return sweep.sweep(now);
    }

    @Override
    public CompletionStage<CustodyUsage> usage() {
        return CompletableFuture.supplyAsync(
                () -> {
                    RowCounts rows = store.counts();
                    return new CustodyUsage(
                            UNLIMITED,
                            UNLIMITED,
                            rows.live(),
                            rows.restricted(),
                            rows.prolonged(),
                            rows.erased(),
                            store.batches(),
                            store.changes(),
                            false);
                },
                reading);
    }

    @Override
    public void close() {
        reading.shutdown();
        repairing.shutdown();
        locking.shutdown();
        store.close();
        roster.close();
    }
}
