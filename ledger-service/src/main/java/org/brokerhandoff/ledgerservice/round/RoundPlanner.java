package org.brokerhandoff.ledgerservice.round;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;

/** Decides how far a round reads, and which of the read leaves the next entry commits to. */
public final class RoundPlanner {
    /** Maximum number of leaves of one entry, so that catching up needs some 50 MB regardless of the number of partitions. */
    static final int MAXIMUM_LEAVES = 1 << 18;

    private RoundPlanner() {}

    /** A topic-partition and its number of waiting leaves. */
    public record Waiting(String topic, int partition, long first, long highWatermark) {}

    /**
     * How many leaves to read of each; those that get none are omitted. The numbers of segments and leaves per entry are limited; which
     * partitions wait longer rotates with each entry, so that none starves.
     *
     * @param waiting in the order of the ledger's topics and partitions
     * @param number number of the next entry
     */
    public static Map<Waiting, Integer> shares(List<Waiting> waiting, long number) {
        List<Waiting> behind = waiting.stream()
                .filter(each -> each.highWatermark() > each.first())
                .toList();
        Map<Waiting, Integer> chosen = new LinkedHashMap<>();
        int left = MAXIMUM_LEAVES;
        int start =
                behind.isEmpty() ? 0 : (int) Math.floorMod(number * LedgerEntry.MAXIMUM_SEGMENTS, (long) behind.size());
        for (int i = 0; i < behind.size() && chosen.size() < LedgerEntry.MAXIMUM_SEGMENTS && left > 0; i++) {
            Waiting each = behind.get((start + i) % behind.size());
            int share = (int) Math.min(Math.min(each.highWatermark() - each.first(), LedgerEntry.MAXIMUM_LEAVES), left);
            chosen.put(each, share);
            left -= share;
        }
        // Back in the ledger's order.
        Map<Waiting, Integer> shares = new LinkedHashMap<>();
        behind.forEach(each -> {
            Integer share = chosen.get(each);
            if (share != null) {
                shares.put(each, share);
            }
        });
        return shares;
    }

    /**
     * The content of the next entry: for each partition the longest run of leaves older than {@code cutoff}.
     *
     * @param tails of every topic-partition, in the ledger's order
     * @param cutoff start of the round less the settle time
     * @param settledBefore the previous entry's claim, milliseconds
     */
    public static Round plan(List<Tail> tails, Instant cutoff, long settledBefore) {
        List<Run> runs = new ArrayList<>();
        long settled = cutoff.toEpochMilli();
        boolean more = false;
        for (Tail tail : tails) {
            List<LeafDigest> run = settled(tail.leaves(), cutoff);
            if (!run.isEmpty()) {
                runs.add(new Run(tail.topic(), tail.partition(), tail.first(), run));
            }
            if (run.size() == tail.leaves().size() && !tail.isWhole()) {
                // Unread leaves may be as old as the last one read: no more is known.
                more = true;
                settled = Math.min(settled, lastAppendMillis(run, settledBefore));
            }
        }
        return new Round(runs, Math.max(settledBefore, settled), more);
    }

    private static List<LeafDigest> settled(List<LeafDigest> leaves, Instant cutoff) {
        int count = 0;
        // An offset without a record has no append time and will never have a record: it is as settled as the one
        // before it.
        while (count < leaves.size()
                && leaves.get(count)
                        .appendedAt()
                        .map(appended -> appended.isBefore(cutoff))
                        .orElse(true)) {
            count++;
        }
        return leaves.subList(0, count);
    }

    private static long lastAppendMillis(List<LeafDigest> run, long otherwise) {
        for (int i = run.size() - 1; i >= 0; i--) {
            if (run.get(i).appendedAt().isPresent()) {
                return run.get(i).appendedAt().get().toEpochMilli();
            }
        }
        return otherwise;
    }
}
