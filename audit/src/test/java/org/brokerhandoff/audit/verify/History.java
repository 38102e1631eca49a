package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.Topic;

/** An event log in memory that tests write, tamper with, and have judged. Offsets follow from the order of writing. */
final class History {
    private final int partitions;
    private final List<KeptRecord> records = new ArrayList<>();
    private final Map<String, Long> lost = new HashMap<>();

    History(int partitions) {
        this.partitions = partitions;
    }

    History write(SpecificRecord... events) {
        for (SpecificRecord event : events) {
            records.add(record(event));
        }
        return this;
    }

    private KeptRecord record(SpecificRecord event) {
        return Records.of(
                topic(event),
                event instanceof PlaceRequested || event instanceof PlaceReleased
                        ? placesPartition(event)
                        : EventId.subject(event)
                                .map(id -> EventPartitions.of(id, partitions))
                                .orElse(0),
                event);
    }

    private int placesPartition(SpecificRecord event) {
        String broker =
                event instanceof PlaceRequested requested ? requested.getBroker() : ((PlaceReleased) event).getBroker();
        return EventPartitions.of(broker.getBytes(StandardCharsets.UTF_8), partitions);
    }

    private static Topic topic(SpecificRecord event) {
        for (Topic topic : Topic.values()) {
            if (topic.kept() && topic.recordTypes().contains(event.getClass())) {
                return topic;
            }
        }
        return Topic.HANDOFFS;
    }

    /** Replaces the first event of a type. */
    <E extends SpecificRecord> History change(Class<E> type, UnaryOperator<E> change) {
        int index = indexOf(type, false);
        records.set(index, record(change.apply(type.cast(event(records.get(index))))));
        return this;
    }

    /** Replaces the last event of a type. */
    <E extends SpecificRecord> History changeLast(Class<E> type, UnaryOperator<E> change) {
        int index = indexOf(type, true);
        records.set(index, record(change.apply(type.cast(event(records.get(index))))));
        return this;
    }

    /** Replaces the first record with an event of a type. */
    History tamper(Class<? extends SpecificRecord> type, UnaryOperator<KeptRecord> change) {
        int index = indexOf(type, false);
        records.set(index, change.apply(records.get(index)));
        return this;
    }

    /** Removes the first event of a type, as if it had never been written. */
    History without(Class<? extends SpecificRecord> type) {
        records.remove(indexOf(type, false));
        return this;
    }

    /** Moves the first event of a type after the last of another. */
    History move(Class<? extends SpecificRecord> type, Class<? extends SpecificRecord> behind) {
        KeptRecord moved = records.remove(indexOf(type, false));
        records.add(indexOf(behind, true) + 1, moved);
        return this;
    }

    History writeRaw(KeptRecord record) {
        records.add(record);
        return this;
    }

    /** Removes {@code count} records at the start of a partition after they were written. */
    History lose(Topic topic, long count) {
        lost.put(topic + "-0", count);
        return this;
    }

    /** Repeats every event, once or twice, anywhere after its first publication. */
    History repeatEverything(Random random) {
        for (KeptRecord original : List.copyOf(records)) {
            for (int copies = 1 + random.nextInt(2); copies > 0; copies--) {
                int first = records.indexOf(original);
                records.add(first + 1 + random.nextInt(records.size() - first), original);
            }
        }
        return this;
    }

    int size() {
        return records.size();
    }

    /** The verdict; one that continues from a state, taken anywhere in the log, must be equal. */
    Verdict verdict(Instant now, boolean complete) {
        List<KeptRecord> placed = placed();
        Set<Object> whole = in(inOrderOfWriting(placed, now, complete));
        for (int third = 1; third <= 3; third++) {
            int cut = placed.size() * third / 3;
            assertThat(in(fromState(placed, cut, now, complete)))
                    .as("from a state of %s of %s records", cut, placed.size())
                    .isEqualTo(whole);
        }
        try (LogAudit audit = audit(now)) {
            placed.stream()
                    .sorted(Comparator.comparing(record -> Topic.inLedger().indexOf(record.topic())))
                    .forEach(record -> audit.partition(record.partition()).add(record));
            return judged(audit, placed, complete);
        }
    }

    private static Set<Object> in(Verdict verdict) {
        return Set.of(
                verdict.counts(),
                Set.copyOf(verdict.violations()),
                verdict.violations().size(),
                verdict.unlisted(),
                List.of(Set.copyOf(verdict.restrictedWithoutRequest())));
    }

    private LogAudit audit(Instant now) {
        return new LogAudit(Installation.unnamed(partitions), now, Life.CODEC, InMemory::new);
    }

    private Verdict inOrderOfWriting(List<KeptRecord> placed, Instant now, boolean complete) {
        try (LogAudit audit = audit(now)) {
            placed.forEach(record -> audit.partition(record.partition()).add(record));
            return judged(audit, placed, complete);
        }
    }

    private Verdict fromState(List<KeptRecord> placed, int cut, Instant now, boolean complete) {
        List<KeptRecord> behind = placed.subList(cut, placed.size());
        try (LogAudit first = audit(now);
                LogAudit second = audit(now)) {
            first.keepState();
            placed.subList(0, cut)
                    .forEach(record -> first.partition(record.partition()).add(record));
            List<byte[]> states = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                ByteArrayOutputStream state = new ByteArrayOutputStream();
                first.partition(partition).save(new DataOutputStream(state));
                states.add(state.toByteArray());
            }
            // Records after a state are not in it.
            behind.forEach(record -> first.partition(record.partition()).add(record));
            for (int partition = 0; partition < partitions; partition++) {
                second.verifiedBefore(partition, first.verified(partition));
                second.partition(partition)
                        .restore(new DataInputStream(new ByteArrayInputStream(states.get(partition))), Life.CODEC);
            }
            behind.forEach(record -> second.partition(record.partition()).add(record));
            return judged(second, placed, complete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Verdict judged(LogAudit audit, List<KeptRecord> placed, boolean complete) {
        for (int partition = 0; partition < partitions; partition++) {
            for (Topic topic : Topic.inLedger()) {
                int number = partition;
                long here = placed.stream()
                        .filter(record -> record.topic() == topic && record.partition() == number)
                        .count();
                long gone = lost.getOrDefault(topic + "-" + partition, 0L);
                audit.partition(partition).add(new Extent(topic, partition, here + gone, here));
            }
        }
        audit.beginJudging(complete, HoldTimes.LONGEST_HOLD);
        for (int partition = 0; partition < partitions; partition++) {
            audit.judge(partition);
        }
        return audit.verdict(Optional.empty());
    }

    List<KeptRecord> placed() {
        Map<String, Long> next = new HashMap<>(lost);
        List<KeptRecord> placed = new ArrayList<>();
        for (KeptRecord record : records) {
            long offset = next.merge(record.topic() + "-" + record.partition(), 1L, Long::sum) - 1;
            placed.add(Records.at(record, record.partition(), offset));
        }
        return placed;
    }

    private int indexOf(Class<? extends SpecificRecord> type, boolean last) {
        int found = -1;
        for (int index = 0; index < records.size(); index++) {
            if (type.isInstance(event(records.get(index))) && (last || found < 0)) {
                found = index;
            }
        }
        if (found < 0) {
            throw new IllegalArgumentException("no " + type.getSimpleName());
        }
        return found;
    }

    private static Object event(KeptRecord record) {
        return record.decoded() instanceof Decoded.Event known ? known.event() : record;
    }
}
