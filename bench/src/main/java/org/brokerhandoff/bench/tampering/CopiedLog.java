package org.brokerhandoff.bench.tampering;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.log.KeptRecords;
import org.brokerhandoff.audit.log.PublicationFilter;
import org.brokerhandoff.audit.verify.Extent;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.audit.verify.LeavesDigest;
import org.brokerhandoff.audit.verify.LogRead;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/** A snapshot of every record of the kept topics. Immutable: changes make another copy. */
public final class CopiedLog implements KeptRecords {
    private static final List<Topic> BY_SIGNUP = List.of(Topic.PURGES, Topic.HANDOFFS, Topic.CONSENTS);

    private final String clusterId;
    private final int partitions;
    private final EventCodec codec;
    private final Map<Place, List<KeptRecord>> records;
    private final Map<Place, Long> ends;

    /** A partition of a kept topic. */
    record Place(Topic topic, int partition) implements Comparable<Place> {
        static Place of(KeptRecord record) {
            return new Place(record.topic(), record.partition());
        }

        @Override
        public int compareTo(Place other) {
            return Comparator.comparing(Place::topic)
                    .thenComparing(Place::partition)
                    .compare(this, other);
        }
    }

    private CopiedLog(
            String clusterId,
            int partitions,
            EventCodec codec,
            Map<Place, List<KeptRecord>> records,
            Map<Place, Long> ends) {
        this.clusterId = clusterId;
        this.partitions = partitions;
        this.codec = codec;
        this.records = records;
        this.ends = ends;
    }

    /** Reads {@code log} once, as a verification does. */
    public static CopiedLog of(KeptRecords log, EventCodec codec) {
        Map<Place, List<KeptRecord>> records = new TreeMap<>();
        Map<Place, Long> ends = new TreeMap<>();
        Consumer<KeptRecord> take = record -> records.computeIfAbsent(Place.of(record), any -> new ArrayList<>())
                .add(record);
        Consumer<Extent> end = extent -> ends.put(new Place(extent.topic(), extent.partition()), extent.endOffset());
        log.readPlaces(take, end);
        for (int partition = 0; partition < log.partitions(); partition++) {
            log.read(partition, take, end);
        }
        ends.keySet().forEach(place -> records.putIfAbsent(place, new ArrayList<>()));
        return new CopiedLog(log.read("").clusterId(), log.partitions(), codec, records, ends);
    }

    /** All records, topic by topic, in order within each partition. */
    List<KeptRecord> all() {
        return records.values().stream().flatMap(List::stream).toList();
    }

    List<KeptRecord> in(Place place) {
        return records.getOrDefault(place, List.of());
    }

    EventCodec codec() {
        return codec;
    }

    /** A copy in which {@code place} contains these records; each has the offset that follows from its number. */
    CopiedLog with(Place place, List<KeptRecord> changed) {
        List<KeptRecord> placed = new ArrayList<>();
        for (KeptRecord record : changed) {
            placed.add(at(record, place, placed.size()));
        }
        return holding(place, placed, placed.size());
    }

    /** A copy without the first {@code count} records of {@code place}; the others keep their offsets. */
    CopiedLog cutBefore(Place place, int count) {
        return holding(place, in(place).subList(count, in(place).size()), ends.getOrDefault(place, 0L));
    }

    /** A copy without the record at {@code index} of {@code place}; the others keep their offsets. */
    CopiedLog hole(Place place, int index) {
        List<KeptRecord> left = new ArrayList<>(in(place));
        left.remove(index);
        return holding(place, left, ends.getOrDefault(place, 0L));
    }

    private CopiedLog holding(Place place, List<KeptRecord> held, long end) {
        Map<Place, List<KeptRecord>> others = new TreeMap<>(records);
        others.put(place, List.copyOf(held));
        Map<Place, Long> otherEnds = new TreeMap<>(ends);
        otherEnds.put(place, end);
        return new CopiedLog(clusterId, partitions, codec, others, otherEnds);
    }

    private KeptRecord at(KeptRecord record, Place place, long offset) {
        Leaf.Present stored = record.stored();
        if (record.topic() == place.topic() && record.partition() == place.partition() && record.offset() == offset) {
            return record;
        }
        return KeptRecord.of(
                place.topic(),
                new Leaf.Present(
                        new Leaf.Place(place.topic().baseName(), place.partition(), offset),
                        stored.appendedAt(),
                        stored.key(),
                        stored.headers(),
                        stored.value()),
                record.appendedByBroker(),
                codec);
    }

    @Override
    public int partitions() {
        return partitions;
    }

    @Override
    public List<SpecificRecord> publications() {
        PublicationFilter filter = new PublicationFilter();
        return all().stream()
                .filter(record -> record.topic() != Topic.PLACES && filter.wants(record.eventType()))
                .flatMap(record -> record.event().stream())
                .toList();
    }

    @Override
    public void read(int partition, Consumer<KeptRecord> taken, Consumer<Extent> extents) {
        BY_SIGNUP.forEach(topic -> read(new Place(topic, partition), taken, extents));
    }

    @Override
    public void readPlaces(Consumer<KeptRecord> taken, Consumer<Extent> extents) {
        for (int partition = 0; partition < partitions; partition++) {
            read(new Place(Topic.PLACES, partition), taken, extents);
        }
    }

    private void read(Place place, Consumer<KeptRecord> taken, Consumer<Extent> extents) {
        in(place).forEach(taken);
        extents.accept(new Extent(
                place.topic(),
                place.partition(),
                ends.getOrDefault(place, 0L),
                in(place).size()));
    }

    @Override
    public LogRead read(String version) {
        List<LogRead.Partition> read = new ArrayList<>();
        ends.forEach((place, end) -> {
            LeavesDigest digest = new LeavesDigest();
            in(place).forEach(record -> digest.add(record.stored()));
            read.add(new LogRead.Partition(place.topic(), place.partition(), end, digest.hex()));
        });
        return new LogRead(clusterId, "", version, read);
    }
}
