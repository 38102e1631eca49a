package org.brokerhandoff.ledger.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.note.Judgement;

/**
 * What the ledger proves about times: Kafka's append time is in each leaf, each entry states up to which append time nothing is missing, and
 * a cosignature states when a witness had seen it all. So no record is backdated beyond the delay that the ledger itself admitted, nor
 * postdated beyond the time at which others held it. Pure; each violated rule yields a sentence.
 */
public final class LedgerTimes {
    /** Maximum skew between the clocks of the builder, Kafka's brokers and witnesses. */
    private static final Duration TOLERANCE = Duration.ofSeconds(60);

    private LedgerTimes() {}

    /**
     * A time at which a checkpoint existed.
     *
     * @param operatorsClock whether only the operator attests it
     */
    public record Existed(Instant by, boolean operatorsClock) {
        /** When everything under a checkpoint existed: by its earliest cosignature, otherwise by the newest entry's own time. */
        public static Existed of(Judgement.Accepted head, LedgerEntry newest) {
            return head.earliestCosignature()
                    .map(cosigned -> new Existed(cosigned, false))
                    .orElseGet(() -> new Existed(Instant.ofEpochSecond(newest.timeSeconds()), true));
        }

        @Override
        public String toString() {
            return by + (operatorsClock ? " (operator's clock)" : "");
        }
    }

    /**
     * {@code dated-back}: no record is older than what an earlier entry declared settled.
     *
     * @param settledMillis from an entry before the one that has the record; 0 if there is none
     */
    public static Optional<String> datedBack(Leaf.Present record, long settledMillis) {
        return record.appendedAt().plus(TOLERANCE).toEpochMilli() < settledMillis
                ? Optional.of("dated-back: " + at(record.place()) + " was appended at " + record.appendedAt()
                        + " by Kafka's clock, and an earlier entry says that nothing before "
                        + Instant.ofEpochMilli(settledMillis) + " is missing")
                : Optional.empty();
    }

    /** {@code dated-ahead}: no record is younger than a checkpoint that covers it. */
    public static Optional<String> datedAhead(Leaf.Present record, Existed existed) {
        return record.appendedAt().minus(TOLERANCE).isAfter(existed.by())
                ? Optional.of("dated-ahead: " + at(record.place()) + " was appended at " + record.appendedAt()
                        + " by Kafka's clock, and the checkpoint over it existed at " + existed)
                : Optional.empty();
    }

    /** {@code settled-late}: the newest entry is within the promised delay. */
    public static Optional<String> settledLate(LedgerEntry newest, Existed existed, Duration promise) {
        Instant settled = Instant.ofEpochMilli(newest.settledMillis());
        return settled.plus(promise).isBefore(existed.by())
                ? Optional.of("settled-late: by entry " + newest.number() + " nothing before " + settled
                        + " is missing, and its checkpoint existed at " + existed + ", more than " + promise + " later")
                : Optional.empty();
    }

    /**
     * All rules over valid evidence. Of the earlier entries, it has those of its events.
     *
     * @param promise time within which the operator promises to commit
     */
    public static List<String> of(EvidenceBundle bundle, Judgement.Accepted head, Duration promise) {
        LedgerEntry newest = bundle.entries().get(bundle.entries().size() - 1).entry();
        Existed existed = Existed.of(head, newest);
        List<String> broken = new ArrayList<>();
        for (EvidenceBundle.Proven event : bundle.events()) {
            if (event.leaf() instanceof Leaf.Present record) {
                long settledBefore = bundle.entries().stream()
                        .map(EvidenceBundle.Entry::entry)
                        .filter(entry -> entry.number() < event.entry())
                        .mapToLong(LedgerEntry::settledMillis)
                        .max()
                        .orElse(0);
                datedBack(record, settledBefore).ifPresent(broken::add);
                datedAhead(record, existed).ifPresent(broken::add);
            }
        }
        settledLate(newest, existed, promise).ifPresent(broken::add);
        return broken;
    }

    private static String at(Leaf.Place place) {
        return place.topic() + "-" + place.partition() + "@" + place.offset();
    }
}
