package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.brokerhandoff.event.FinishedRecords;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SetAside;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.SignupIds;

/**
 * The routers' accounts of the offsets of one partition number of the topics with sealed data. Its size depends on the gaps between the
 * accounts and on the records set aside.
 */
public final class RecordAccounts {
    private final Map<SealedTopic, Ranges> told = new EnumMap<>(SealedTopic.class);
    private final Map<SealedTopic, Set<Long>> setAside = new EnumMap<>(SealedTopic.class);
    private final Map<SealedTopic, Set<Long>> saidSetAside = new EnumMap<>(SealedTopic.class);
    private final Map<SealedTopic, Long> starts = new EnumMap<>(SealedTopic.class);
    private final List<String> impossible = new ArrayList<>();

    /** Disjoint ranges of offsets, keyed by their start; each value is the offset after the end. */
    private static final class Ranges {
        private final NavigableMap<Long, Long> ends = new TreeMap<>();

        void add(long first, long end) {
            long from = first;
            long to = end;
            Map.Entry<Long, Long> before = ends.floorEntry(from);
            if (before != null && before.getValue() >= from) {
                from = before.getKey();
                to = Math.max(to, before.getValue());
            }
            NavigableMap<Long, Long> swallowed = ends.subMap(from, true, to, true);
            to = Math.max(to, swallowed.isEmpty() ? to : swallowed.lastEntry().getValue());
            swallowed.clear();
            ends.put(from, to);
        }

        boolean has(long offset) {
            Map.Entry<Long, Long> range = ends.floorEntry(offset);
            return range != null && range.getValue() > offset;
        }

        /** From the first offset of the topic to the last one accounted for, or to {@code start} if that is further. */
        List<String> holesBefore(long start) {
            List<String> holes = new ArrayList<>();
            long next = 0;
            for (Map.Entry<Long, Long> range : ends.entrySet()) {
                if (range.getKey() > next) {
                    holes.add(next + " to " + (range.getKey() - 1));
                }
                next = range.getValue();
            }
            if (start > next) {
                holes.add(next + " to " + (start - 1));
            }
            return holes;
        }
    }

    /** Adds an account, and passes each signup's records to {@code facts}. */
    void add(RecordsFinished event, int partition, int partitions, BiConsumer<UUID, Fact.Finish> facts) {
        if (event.getPartition() != partition) {
            impossible.add("an account of another partition, " + event.getPartition() + ", is here");
            return;
        }
        SealedTopic topic = event.getTopic();
        long first = event.getFirstOffset();
        long offset = first;
        for (FinishedRecords records : event.getRecords()) {
            int named = records.getSignups().size();
            if (records.getCount() < 1 || named != (names(topic, records.getEnd()) ? records.getCount() : 0)) {
                impossible.add("of " + records.getCount() + " records of " + topic + " from offset " + offset
                        + " on that were " + records.getEnd() + " it names " + named + " signups");
                return;
            }
            for (int i = 0; i < named; i++) {
                UUID signup = SignupIds.uuid(records.getSignups().get(i));
                if (EventPartitions.of(signup, partitions) != partition) {
                    impossible.add("at offset " + (offset + i) + " of " + topic + " it names signup " + signup
                            + ", whose record cannot have been there");
                    return;
                }
                facts.accept(
                        signup,
                        new Fact.Finish(
                                topic,
                                offset + i,
                                records.getEnd(),
                                event.getFinishedAt().toEpochMilli()));
            }
            if (records.getEnd() == RecordEnd.SET_ASIDE) {
                Set<Long> offsets = saidSetAside.computeIfAbsent(topic, unused -> new TreeSet<>());
                for (int i = 0; i < records.getCount(); i++) {
                    offsets.add(offset + i);
                }
            }
            offset += records.getCount();
        }
        told.computeIfAbsent(topic, unused -> new Ranges()).add(first, offset);
    }

    /** A parked copy that was moved on is not named: there may be one per interval, and the last one is named. */
    private static boolean names(SealedTopic topic, RecordEnd end) {
        return end == RecordEnd.ENDED || (end == RecordEnd.MOVED_ON && topic == SealedTopic.SIGNUPS);
    }

    /** Adds a record that was set aside. */
    void add(SetAside event) {
        setAside.computeIfAbsent(event.getTopic(), unused -> new HashSet<>()).add(event.getOffset());
    }

    /** Adds the statements of a signup's purges about starts of the log. */
    void starts(SignupFacts signup) {
        for (PurgeFact purge : signup.all(PurgeFact.class)) {
            Long start = purge.startOffset();
            if (purge.level() != PurgeLevel.UNREADABLE && start != null) {
                starts.merge(SealedTopic.SIGNUPS, start, Math::max);
            }
            PurgeFact.ParkedCut parked = purge.parked();
            if (parked != null) {
                starts.merge(SealedTopic.SIGNUPS_PARKED, parked.startOffset(), Math::max);
            }
        }
    }

    /** Whether a router accounted for {@code offset}. */
    boolean tells(SealedTopic topic, long offset) {
        Ranges ranges = told.get(topic);
        return ranges != null && ranges.has(offset);
    }

    /** Whether a router accounted for {@code offset} as set aside. */
    boolean saysSetAside(SealedTopic topic, long offset) {
        return saidSetAside.getOrDefault(topic, Set.of()).contains(offset);
    }

    /** Whether {@code offset} was set aside, by an account or by the event for that. */
    boolean wasSetAside(SealedTopic topic, long offset) {
        return saysSetAside(topic, offset)
                || setAside.getOrDefault(topic, Set.of()).contains(offset);
    }

    /** Accounts that no router can have made. */
    List<String> impossible() {
        return List.copyOf(impossible);
    }

    /** Offsets of {@code topic} that are gone, or precede finished ones, and for which no router accounted. */
    List<String> untold(SealedTopic topic) {
        Ranges ranges = told.getOrDefault(topic, new Ranges());
        return ranges.holesBefore(starts.getOrDefault(topic, 0L));
    }

    /** Offsets of {@code topic} accounted for as set aside, without a {@code SetAside}. */
    List<Long> neverSetAside(SealedTopic topic) {
        Set<Long> known = setAside.getOrDefault(topic, Set.of());
        return saidSetAside.getOrDefault(topic, Set.of()).stream()
                .filter(offset -> !known.contains(offset))
                .toList();
    }
}
