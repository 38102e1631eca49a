package org.brokerhandoff.audit.verify;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.replay.PlaceBook;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.SetAside;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads one partition number of the kept topics: judges each record individually, and spills it for the judgement of its signup, which has
 * the same partition number in all topics except that of places. For one thread.
 */
public final class PartitionAudit {
    private static final List<Rule> OF_RECORD = Rules.ALL.stream()
            .filter(rule -> rule.check() instanceof Rule.OfRecord)
            .toList();

    private final LogAudit log;
    private final int partition;
    private final Tally tally = new Tally();
    private final ErasureReports erasureReports = new ErasureReports();
    private final RecordAccounts accounts = new RecordAccounts();
    private final PlaceBook places = new PlaceBook();
    private final List<SpecificRecord> published = new ArrayList<>();
    private boolean accounted;
    private final Map<Topic, RecordTimes> times = new EnumMap<>(Topic.class);
    /** By service, the distance of its last record from its append. */
    private final Map<String, Long> lags = new HashMap<>();
    /** The first records of a service here, far from their append. */
    private final List<RecordTimes.Dating> first = new ArrayList<>();

    /** Records that were folded, to be folded again by a verification that continues from here. */
    private long folded;
    /** Whether further records are beyond the state. */
    private boolean behindState;

    PartitionAudit(LogAudit log, int partition) {
        this.log = log;
        this.partition = partition;
    }

    /** Adds a record; those of one topic come in order. */
    public void add(KeptRecord record) {
        tally.events++;
        log.listener().read(record);
        for (Rule rule : OF_RECORD) {
            ((Rule.OfRecord) rule.check())
                    .violations(record, log.installation())
                    .forEach(sentence -> tally.violation(rule, record, sentence));
        }
        times(record.topic()).take(record);
        record.event().ifPresent(event -> {
            publish(event);
            fold(event, record);
        });
    }

    private RecordTimes times(Topic topic) {
        return times.computeIfAbsent(topic, unused -> new RecordTimes(log.now(), lags, this::dated));
    }

    /** Adds an event beyond the judged part, for its publications. */
    public void publish(SpecificRecord event) {
        if (event instanceof RecordsFinished) {
            if (accounted) {
                // For these only their existence matters.
                return;
            }
            accounted = true;
        }
        if (Publications.concern(event)) {
            published.add(event);
        }
    }

    private void dated(RecordTimes.Dating dating) {
        if (dating.first()) {
            first.add(dating);
        } else {
            judge(dating);
        }
    }

    private void judge(RecordTimes.Dating dating) {
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfDating check) {
                check.violations(dating).forEach(sentence -> tally.violation(rule, dating.record(), sentence));
            }
        }
    }

    private void fold(SpecificRecord event, KeptRecord record) {
        boolean granted = fold(
                record.topic(),
                record.offset(),
                event,
                (signup, finish) -> log.records(signup, behindState).add(signup, record.offset(), finish));
        boolean account = event instanceof LogErased || event instanceof RecordsFinished || event instanceof SetAside;
        if (log.keepsState()
                && !behindState
                && (account || record.topic() == Topic.PLACES || Publications.concern(event))) {
            log.records(partition, false).addFolded(folded, record);
            folded++;
        }
        if (!account) {
            layDown(event, record, granted);
        }
    }

    /**
     * Folds an event, apart from what is spilled.
     *
     * @return whether it is a granted place
     */
    private boolean fold(Topic topic, long offset, SpecificRecord event, BiConsumer<UUID, Fact.Finish> finishes) {
        if (event instanceof LogErased report) {
            // A report on another partition is no evidence here: its signups are judged with their own partition.
            if (report.getPartition() == partition) {
                erasureReports.add(report, offset);
            }
        } else if (event instanceof RecordsFinished finished) {
            // At a takeover two routers may account for one record: not a repeated event.
            accounts.add(finished, partition, log.partitions(), finishes);
        } else if (event instanceof SetAside aside) {
            accounts.add(aside);
        }
        return topic == Topic.PLACES && places.take(event);
    }

    private void layDown(SpecificRecord event, KeptRecord record, boolean granted) {
        Optional<UUID> signup = EventId.signup(event);
        Optional<UUID> subject = EventId.subject(event);
        if (record.topic() == Topic.PLACES) {
            signup.ifPresent(id -> log.records(id, behindState).addPlace(id, record, granted));
        } else if (subject.isPresent() && !LogRules.misplaced(record, log.partitions())) {
            log.records(partition, behindState).add(subject.get(), record);
        } else {
            // In the wrong partition it has no order among its signup's others; the misplacement was reported.
            log.records(partition, behindState).addAlone(subject.orElse(SubjectRecords.NONE), record);
        }
    }

    /** Writes the findings so far to a state, except the records; later additions are not in it. */
    public void save(DataOutputStream out) throws IOException {
        out.writeLong(folded);
        tally.save(out);
        out.writeInt(lags.size());
        for (Map.Entry<String, Long> each : lags.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeLong(each.getValue());
        }
        for (Topic topic : Topic.inLedger()) {
            times(topic).save(out);
        }
        out.writeInt(first.size());
        for (RecordTimes.Dating dating : first) {
            dating.save(out);
        }
        behindState = true;
    }

    /**
     * Continues from a state that {@link #save} wrote, and from its records, which {@link LogAudit#verifiedBefore} received.
     *
     * @throws IOException if it is invalid
     */
    public void restore(DataInputStream in, EventCodec codec) throws IOException {
        folded = in.readLong();
        tally.restore(in);
        for (int left = in.readInt(); left > 0; left--) {
            lags.put(in.readUTF(), in.readLong());
        }
        for (Topic topic : Topic.inLedger()) {
            times(topic).restore(in, codec);
        }
        for (int left = in.readInt(); left > 0; left--) {
            first.add(RecordTimes.Dating.restored(in, codec));
        }
        long again = log.before(partition).forEachFolded(codec, (topic, offset, event) -> {
            publish(event);
            var unused = fold(topic, offset, event, (signup, finish) -> {});
        });
        if (again != folded) {
            throw new IOException("of " + folded + " records that were folded there are " + again);
        }
    }

    /** Adds the faults of the ledger's statements about this partition. */
    public void add(LedgerFinding finding) {
        tally.finding(finding);
    }

    /** Sets the extent of a topic; no more of it follows. */
    public void add(Extent extent) {
        RecordTimes read = times.remove(extent.topic());
        if (read != null) {
            read.finish();
        }
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfPartition check) {
                check.violations(extent).forEach(sentence -> tally.violation(rule, extent, sentence));
            }
        }
    }

    /** Judges the first record of each service against the partitions before, whose last ones are {@code known}, and updates these for the next one. */
    void settleTimes(Map<String, Long> known) {
        for (RecordTimes.Dating dating : first) {
            Long before = known.get(dating.record().source().orElse(""));
            if (before == null || !dating.as(before)) {
                judge(dating);
            }
        }
        known.putAll(lags);
    }

    int partition() {
        return partition;
    }

    AuditListener listener() {
        return log.listener();
    }

    Tally tally() {
        return tally;
    }

    ErasureReports erasureReports() {
        return erasureReports;
    }

    RecordAccounts accounts() {
        return accounts;
    }

    PlaceBook places() {
        return places;
    }

    /** The publications here. */
    List<SpecificRecord> published() {
        return published;
    }

    /** The auditor's clock. */
    public Instant now() {
        return log.now();
    }
}
