package org.brokerhandoff.ledger.evidence;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.merkle.Hash;

/**
 * An answer's promise about its event: that the ledger will have this leaf. The promise is part of JSON that the operator signed, so that
 * evidence without the leaf, under a later checkpoint, convicts the operator.
 *
 * @param ledger origin of the ledger
 * @param place position of the event in Kafka
 * @param appendedAt Kafka's append time
 * @param hash the leaf's hash
 * @param committedBy deadline for a checkpoint with the leaf
 */
public record LeafPromise(String ledger, Leaf.Place place, Instant appendedAt, Hash hash, Instant committedBy) {
    /** The promise that {@code ledger} includes {@code leaf} {@code within} a time from {@code now}, to the millisecond. */
    public static LeafPromise of(String ledger, Leaf.Present leaf, Instant now, Duration within) {
        return new LeafPromise(
                ledger,
                leaf.place(),
                leaf.appendedAt(),
                leaf.hash(),
                now.plus(within).truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * Whether the promise was kept, by valid evidence: all events of its signup, as of one checkpoint.
     *
     * <p>The deadline is judged by the builder's own clock in the newest entry, which the log's key has signed. A cosignature's time is
     * unsuitable: an old checkpoint can be presented at any time to a witness that has not seen a newer one.
     */
    public Outcome judge(EvidenceBundle bundle) {
        if (!ledger.equals(origin(bundle))) {
            return new Outcome.OtherLedger(origin(bundle));
        }
        Optional<EvidenceBundle.Proven> event = bundle.events().stream()
                .filter(proven -> proven.leaf().hash().equals(hash))
                .findFirst();
        if (event.isPresent()) {
            Instant committed = time(bundle, event.get().entry());
            return committed.isAfter(committedBy) ? new Outcome.KeptLate(committed) : new Outcome.Kept(committed);
        }
        Optional<EvidenceBundle.Entry> covering = bundle.entries().stream()
                .filter(entry -> entry.entry().segmentOf(place).isPresent())
                .findFirst();
        if (covering.isPresent()) {
            // All leaves of this key are present, so the one at that position has another key, or other content.
            return new Outcome.Changed(covering.get().entry().number());
        }
        Instant newest = time(
                bundle,
                bundle.entries().get(bundle.entries().size() - 1).entry().number());
        return newest.isAfter(committedBy) ? new Outcome.Broken(newest) : new Outcome.NotDue(newest);
    }

    private static String origin(EvidenceBundle bundle) {
        return bundle.entries().get(0).entry().genesis().orElseThrow().origin();
    }

    private static Instant time(EvidenceBundle bundle, long number) {
        return bundle.entries().stream()
                .filter(entry -> entry.entry().number() == number)
                .map(entry -> Instant.ofEpochSecond(entry.entry().timeSeconds()))
                .findFirst()
                .orElseThrow();
    }

    /** State of a promise. */
    public sealed interface Outcome {
        /** The leaf is among the events, in an entry of this time. */
        record Kept(Instant committedAt) implements Outcome {}

        /** The leaf is among the events, in an entry after the deadline. */
        record KeptLate(Instant committedAt) implements Outcome {}

        /** The ledger commits to another leaf at that position, in this entry: the event was changed or moved. */
        record Changed(long entry) implements Outcome {}

        /** The leaf is not among the events; the newest entry has this time, before the deadline. */
        record NotDue(Instant newestEntry) implements Outcome {}

        /** The leaf is not among the events, and the newest entry is after the deadline: the event was omitted. */
        record Broken(Instant newestEntry) implements Outcome {}

        /** The evidence is of another ledger than the promise. */
        record OtherLedger(String origin) implements Outcome {}
    }
}
