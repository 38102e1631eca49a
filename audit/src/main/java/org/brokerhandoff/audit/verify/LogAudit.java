package org.brokerhandoff.audit.verify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.replay.PlaceBook;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.EventCodec;

/**
 * Judges a log in two steps: every partition is read, in any order and by several threads; then, with all publications known, the signups of
 * every partition are judged, also by several threads. Findings are reported in the order of partitions, regardless of scheduling.
 *
 * <p>Memory holds one signup's records per thread, the publications, and data that grows with the number of brokers, hours and file
 * inspections; data that grows with the number of signups is spilled and sorted. Single use.
 */
public final class LogAudit implements AutoCloseable {
    private final Installation installation;
    private final AuditListener listener;
    private final EventCodec codec;
    private final Instant now;
    private final Sorted.Place place;
    private final List<PartitionAudit> partitions = new ArrayList<>();
    /** By partition, the part that the next state contains, and the rest. */
    private final List<Sorted> laidDown = new ArrayList<>();

    private final List<Sorted> behind = new ArrayList<>();
    /** By partition, what an earlier verification spilled. */
    private final Map<Integer, Sorted> before = new HashMap<>();

    private boolean keepsState;
    private final Tally ofLog = new Tally();
    private boolean accounted;
    private Optional<Judging> judging = Optional.empty();

    /** Knowledge of the second step. */
    private record Judging(Scope scope, SlotUses slots) {}

    /** An audit of the log of {@code installation}, at {@code now}; data that exceeds memory is spilled to {@code place}. */
    public LogAudit(Installation installation, Instant now, EventCodec codec, Sorted.Place place) {
        this(installation, now, codec, place, AuditListener.NONE);
    }

    /** As above; {@code listener} receives every record and every signup. */
    public LogAudit(
            Installation installation, Instant now, EventCodec codec, Sorted.Place place, AuditListener listener) {
        this.installation = installation;
        this.listener = listener;
        this.codec = codec;
        this.now = now;
        this.place = place;
        for (int partition = 0; partition < installation.partitions(); partition++) {
            this.partitions.add(new PartitionAudit(this, partition));
            laidDown.add(place.sorted());
            behind.add(place.sorted());
        }
    }

    /** Starts to retain what a state needs; call before anything is read. */
    public void keepState() {
        keepsState = true;
    }

    boolean keepsState() {
        return keepsState;
    }

    /** Continues from the records of {@code partition} that an earlier verification spilled; call before any of it is read. */
    public void verifiedBefore(int partition, Sorted records) {
        before.put(partition, records);
    }

    SubjectRecords before(int partition) {
        return new SubjectRecords(Objects.requireNonNull(before.get(partition)));
    }

    /** The next state's records of a partition: all that were read before {@link PartitionAudit#save}. */
    public Sorted verified(int partition) {
        return new Merged(Stream.concat(Stream.ofNullable(before.get(partition)), Stream.of(laidDown.get(partition)))
                .toList());
    }

    /** Adds a partition. */
    public PartitionAudit partition(int number) {
        return partitions.get(number);
    }

    /** Routers account for records, although no account is read. */
    void recordsAreAccounted() {
        accounted = true;
    }

    /**
     * Ends the first step.
     *
     * @param complete whether an accepted signup without a purge is a violation before its deadline
     * @param longestHold the longest hold that this installation promises
     */
    public void beginJudging(boolean complete, Duration longestHold) {
        List<SpecificRecord> published = new ArrayList<>();
        PlaceBook places = new PlaceBook();
        Map<String, Long> lags = new HashMap<>();
        for (PartitionAudit partition : partitions) {
            published.addAll(partition.published());
            places.add(partition.places());
            partition.settleTimes(lags);
        }
        Publications publications = Publications.of(published, codec);
        publications = accounted ? publications.accounted() : publications;
        ofLog.publications(publications);
        judging = Optional.of(new Judging(
                new Scope(partitions.size(), publications, places, now, complete, longestHold),
                new SlotUses(publications.starts(), place.sorted())));
    }

    /** Judges the signups of one partition; several partitions may be judged in parallel. */
    public void judge(int partition) {
        Judging known = judging.orElseThrow();
        try (ClaimSweep claims = new ClaimSweep(place.sorted())) {
            new PartitionJudgement(known.scope(), partitions.get(partition), claims, known.slots())
                    .judge(new SubjectRecords(new Merged(List.of(verified(partition), behind.get(partition)))), codec);
        }
        behind.get(partition).close();
        if (!keepsState) {
            laidDown.get(partition).close();
        }
    }

    /** The verdict on {@code read} when every partition is judged. */
    public Verdict verdict(Optional<LogRead> read) {
        Judging known = judging.orElseThrow();
        partitions.forEach(partition -> ofLog.add(partition.tally()));
        known.slots().forEachTwice(twice -> ofLog.violation(EvidenceRules.CLAIMS, twice.signupId(), twice.sentence()));
        return ofLog.verdict(known.scope(), read);
    }

    /** Adds the faults of the ledger as a whole. */
    public void add(LedgerFinding finding) {
        ofLog.finding(finding);
    }

    int partitions() {
        return partitions.size();
    }

    AuditListener listener() {
        return listener;
    }

    Installation installation() {
        return installation;
    }

    Instant now() {
        return now;
    }

    /** The partition under which a signup's records are spilled, whatever partition they are in. */
    SubjectRecords records(UUID signup, boolean behindState) {
        return records(EventPartitions.of(signup, partitions.size()), behindState);
    }

    SubjectRecords records(int partition, boolean behindState) {
        return new SubjectRecords((behindState ? behind : laidDown).get(partition));
    }

    @Override
    public void close() {
        laidDown.forEach(Sorted::close);
        behind.forEach(Sorted::close);
        judging.ifPresent(known -> known.slots().close());
    }
}
