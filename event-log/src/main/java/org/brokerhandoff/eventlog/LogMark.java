package org.brokerhandoff.eventlog;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.schemas.Topic;

/**
 * The ends of some topics' partitions at one moment. A reader that starts from a mark starts, for each partition, at the earlier of the noted
 * end and the first record appended since that moment: so a partition that was truncated, or recreated, and has grown again is read from
 * where it grew, and a Kafka broker with a wrong clock hides nothing.
 *
 * @param at the moment, by the clock of the process that took the mark
 * @param ends the offsets after the last records, by partition
 */
public record LogMark(Instant at, Map<Topic, List<Long>> ends) {
    /** Maximum skew between the clocks of the processes and of Kafka's brokers. */
    static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(1);

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final byte VERSION = 1;

    /** Copies the offsets. */
    public LogMark {
        Map<Topic, List<Long>> copy = new EnumMap<>(Topic.class);
        ends.forEach((topic, offsets) -> copy.put(topic, List.copyOf(offsets)));
        ends = copy;
    }

    /**
     * Where {@code topics} end now.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     */
    public static LogMark now(Admin admin, EventLogSettings settings, Collection<Topic> topics, Instant at) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (Topic topic : topics) {
            for (int partition = 0; partition < settings.partitions(); partition++) {
                asked.put(new TopicPartition(topic.name(settings.topicPrefix()), partition), OffsetSpec.latest());
            }
        }
        Map<TopicPartition, ListOffsetsResultInfo> answered =
                Await.result(admin.listOffsets(asked).all(), LIMIT, "Kafka does not answer");
        Map<Topic, List<Long>> ends = new EnumMap<>(Topic.class);
        for (Topic topic : topics) {
            List<Long> offsets = new ArrayList<>();
            for (int partition = 0; partition < settings.partitions(); partition++) {
                TopicPartition place = new TopicPartition(topic.name(settings.topicPrefix()), partition);
                offsets.add(Objects.requireNonNull(answered.get(place)).offset());
            }
            ends.put(topic, offsets);
        }
        return new LogMark(at, ends);
    }

    /** The noted end of a partition; empty if there is none. */
    OptionalLong end(Topic topic, int partition) {
        List<Long> offsets = ends.getOrDefault(topic, List.of());
        return partition < offsets.size() ? OptionalLong.of(offsets.get(partition)) : OptionalLong.empty();
    }

    /**
     * The offset from which each of {@code partitions} must be read so that nothing newer is missed; those that this mark does not have are
     * absent from the result.
     *
     * @param consumer has them assigned
     * @param ends their current ends
     */
    Map<TopicPartition, Long> starts(
            Consumer<?, ?> consumer, Map<TopicPartition, Topic> partitions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> starts = firstSince(consumer, ends, at.minus(CLOCK_DIFFERENCE));
        partitions.forEach((partition, topic) -> {
            OptionalLong noted = end(topic, partition.partition());
            if (noted.isPresent()) {
                starts.merge(partition, noted.getAsLong(), Math::min);
            } else {
                starts.remove(partition);
            }
        });
        return starts;
    }

    /**
     * The offset of the first record of each partition appended at {@code from} or later, otherwise its end.
     *
     * @param ends fetched before: records appended meanwhile are then included
     */
    public static Map<TopicPartition, Long> firstSince(
            Consumer<?, ?> consumer, Map<TopicPartition, Long> ends, Instant from) {
        Map<TopicPartition, Instant> since = new HashMap<>();
        ends.keySet().forEach(partition -> since.put(partition, from));
        return firstSince(consumer, ends, since);
    }

    /** As above, with a time for each partition. */
    static Map<TopicPartition, Long> firstSince(
            Consumer<?, ?> consumer, Map<TopicPartition, Long> ends, Map<TopicPartition, Instant> since) {
        Map<TopicPartition, Long> times = new HashMap<>();
        since.forEach((partition, from) -> times.put(partition, Math.max(0, from.toEpochMilli())));
        Map<TopicPartition, Long> starts = new HashMap<>(ends);
        consumer.offsetsForTimes(times).forEach((partition, found) -> {
            if (found != null) {
                starts.put(partition, found.offset());
            }
        });
        return starts;
    }

    /** As bytes: a version, the time, and for each topic its name, its partition count, and the partitions' ends. */
    public byte[] encoded() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(at.toEpochMilli());
            out.writeByte(ends.size());
            for (Map.Entry<Topic, List<Long>> topic : ends.entrySet()) {
                out.writeUTF(topic.getKey().name(""));
                out.writeInt(topic.getValue().size());
                for (long offset : topic.getValue()) {
                    out.writeLong(offset);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Decodes {@link #encoded}; empty if the bytes are not of this version. */
    public static Optional<LogMark> decoded(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                return Optional.empty();
            }
            Instant at = Instant.ofEpochMilli(in.readLong());
            Map<Topic, List<Long>> ends = new EnumMap<>(Topic.class);
            for (int topics = in.readByte(); topics > 0; topics--) {
                Optional<Topic> topic = topic(in.readUTF());
                int partitions = in.readInt();
                List<Long> offsets = new ArrayList<>();
                for (int partition = 0; partition < partitions; partition++) {
                    offsets.add(in.readLong());
                }
                topic.ifPresent(known -> ends.put(known, offsets));
            }
            return Optional.of(new LogMark(at, ends));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Topic> topic(String name) {
        for (Topic topic : Topic.values()) {
            if (topic.name("").equals(name)) {
                return Optional.of(topic);
            }
        }
        return Optional.empty();
    }
}
