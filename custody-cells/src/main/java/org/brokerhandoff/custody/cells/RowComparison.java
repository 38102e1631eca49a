package org.brokerhandoff.custody.cells;

import static org.brokerhandoff.custody.Answers.awaited;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BinaryOperator;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.PurgeHistory;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.cells.decisions.DecisionStore;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.RowRules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the rows that have a key with what the log says of them, as a slot file's slots are. Where the database was not restored, other processes
 * may be at work on them: so a row is only changed if it is still live after the log was read, and the log's word is final. Used once, by one thread.
 */
final class RowComparison implements PurgeHistory.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(RowComparison.class);
    private static final int ROWS_AT_ONCE = 1000;

    private final DecisionStore store;
    private final CellErasure erasure;
    private final InstantSource clock;
    /** Rows that are not {@code ERASED}: an earlier comparison may not have come to its end. */
    private final Map<UUID, List<CustodyRow>> live = new HashMap<>();

    private final List<CustodyRow> purged = new ArrayList<>();
    private final Map<UUID, EraseReason> ended = new HashMap<>();
    private final Set<UUID> recordedWithdrawals = new HashSet<>();
    private final Set<UUID> restricted = new HashSet<>();

    RowComparison(DecisionStore store, CellErasure erasure, InstantSource clock) {
        this.store = store;
        this.erasure = erasure;
        this.clock = clock;
    }

    void compare(PurgeHistory purges, Optional<byte[]> mark, Duration longestHold) {
        List<CustodyRow> some;
        long last = 0;
        do {
            some = store.unerasedAfter(last, ROWS_AT_ONCE);
            for (CustodyRow row : some) {
                live.computeIfAbsent(row.signupId(), signup -> new ArrayList<>())
                        .add(row);
                last = row.hold();
            }
        } while (some.size() == ROWS_AT_ONCE);
        if (live.isEmpty()) {
            return;
        }
        Map<UUID, Instant> since = new HashMap<>();
        live.forEach((signup, rows) -> since.put(signup, earliest(rows, longestHold)));
        purges.since(since, mark, this);
        destroyPurged();
        eraseEnded();
        restrictAgain(purges, mark, since);
    }

    private List<CustodyRow> rows(UUID signupId) {
        return live.getOrDefault(signupId, List.of());
    }

    private static Instant earliest(List<CustodyRow> rows, Duration longestHold) {
        return rows.stream()
                .map(row -> row.expiry().minus(longestHold))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    @Override
    public void purged(UUID signupId, int slot, int generation) {
        rows(signupId).stream()
                .filter(row -> row.view().reference().slot() == slot
                        && row.view().reference().generation() == generation)
                .forEach(purged::add);
    }

    @Override
    public void ended(UUID signupId, EraseReason reason) {
        if (live.containsKey(signupId)) {
            if (reason == EraseReason.WITHDRAWN) {
                recordedWithdrawals.add(signupId);
            }
            // As the router decides: what was delivered is that, whatever else became known of it.
            ended.merge(signupId, reason, BinaryOperator.minBy(Comparator.naturalOrder()));
        }
    }

    @Override
    public void erasureRequested(UUID signupId) {
        if (live.containsKey(signupId)) {
            ended.merge(signupId, EraseReason.WITHDRAWN, BinaryOperator.minBy(Comparator.naturalOrder()));
        }
    }

    @Override
    public void restricted(UUID signupId) {
        if (live.containsKey(signupId)) {
            restricted.add(signupId);
        }
    }

    /** Without another event: the log has it. */
    private void destroyPurged() {
        int restored = 0;
        for (CustodyRow row : purged) {
            SlotReference slot = row.view().reference();
            EraseOutcome outcome = awaited(erasure.erase(
                    slot,
                    row.signupId(),
                    ended.getOrDefault(row.signupId(), EraseReason.EXPIRED),
                    row.end().plusMillis(1)));
            restored += outcome instanceof EraseOutcome.Erased ? 1 : 0;
            var unused = awaited(
                    store.decide(slot, row.signupId(), Optional.empty(), (found, owner) -> RowRules.free(found)));
            live.computeIfPresent(row.signupId(), (signup, rows) -> {
                rows.remove(row);
                return rows;
            });
        }
        if (restored > 0) {
            LOG.warn("{} purged keys had come back with an older copy of the database; destroyed again", restored);
        }
    }

    private void eraseEnded() {
        int erased = 0;
        for (Map.Entry<UUID, EraseReason> end : ended.entrySet()) {
            for (CustodyRow row : rows(end.getKey())) {
                SlotReference slot = row.view().reference();
                if (end.getValue() == EraseReason.WITHDRAWN && recordedWithdrawals.contains(row.signupId())) {
                    // The log has the event: it must not be published again.
                    var unused = awaited(store.decide(
                            slot, row.signupId(), Optional.empty(), (found, owner) -> RowRules.recorded(found)));
                }
                EraseOutcome outcome = awaited(erasure.erase(slot, row.signupId(), end.getValue(), clock.instant()));
                erased += outcome instanceof EraseOutcome.Erased ? 1 : 0;
            }
        }
        if (erased > 0) {
            LOG.info("{} keys were still there although the log has their signups' end; erased", erased);
        }
    }

    /** What is not restricted either comes from an older copy, or was lifted, after a refusal that may stand behind what was read. */
    private void restrictAgain(PurgeHistory purges, Optional<byte[]> mark, Map<UUID, Instant> since) {
        Map<UUID, Instant> doubtful = new HashMap<>();
        restricted.stream()
                .filter(signup -> !ended.containsKey(signup)
                        && rows(signup).stream().anyMatch(row -> row.live() && !row.restricted()))
                .forEach(signup -> doubtful.put(signup, since.get(signup)));
        if (doubtful.isEmpty()) {
            return;
        }
        restricted.clear();
        live.keySet().retainAll(doubtful.keySet());
        purges.since(doubtful, mark, this);
        for (UUID signup : restricted) {
            for (CustodyRow row : rows(signup)) {
                var unused = awaited(store.decide(
                        row.view().reference(), signup, Optional.empty(), (found, owner) -> RowRules.restrict(found)));
            }
        }
        if (!restricted.isEmpty()) {
            LOG.warn(
                    "{} signups had come back unrestricted with an older copy of the database; restricted again",
                    restricted.size());
        }
    }
}
