package org.brokerhandoff.embeddedkafka;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Broker properties that every variant of the broker shares, wherever it runs. */
public final class BrokerProperties {

    private BrokerProperties() {}

    /**
     * The properties of a single-node broker for this system: nothing is replicated, records that were cut leave the
     * files within about a second, and the broker spends little memory and few threads.
     */
    public static Map<String, String> singleNode() {
        Map<String, String> properties = new LinkedHashMap<>();

        properties.put("auto.create.topics.enable", "false");
        properties.put("default.replication.factor", "1");
        properties.put("min.insync.replicas", "1");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("share.coordinator.state.topic.num.partitions", "1");

        // A consumer group of one must not wait three seconds for members that never come.
        properties.put("group.initial.rebalance.delay.ms", "0");

        // After a crash the controller waits for the session of the dead broker to end, 9 s otherwise, before it lets
        // the new one in.
        properties.put("broker.session.timeout.ms", "3000");
        properties.put("broker.heartbeat.interval.ms", "500");

        // Erasure depends on these: the deleted segment's files go at once, the check that deletes them runs every
        // second, and the start offset survives a crash one second after deleteRecords. All of these tasks first run
        // after the initial delay, which is 30 s otherwise.
        properties.put("log.retention.check.interval.ms", "1000");
        properties.put("log.segment.delete.delay.ms", "0");
        properties.put("log.flush.start.offset.checkpoint.interval.ms", "1000");
        properties.put("log.initial.task.delay.ms", "1000");

        // A partition's two index files have this size while it is written, 10 MiB otherwise, and a search of a
        // broker's files for people reads them whole. A quarter of a mebibyte is enough for a segment of 89 MB.
        properties.put("log.index.size.max.bytes", "262144");

        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "2");
        properties.put("num.replica.fetchers", "1");
        properties.put("num.recovery.threads.per.data.dir", "1");
        properties.put("background.threads", "2");
        properties.put("group.coordinator.threads", "1");
        properties.put("share.coordinator.threads", "1");
        // The cleaner stays on for the compacted offsets topic, but it takes 128 MiB of heap for its map otherwise.
        properties.put("log.cleaner.dedupe.buffer.size", "4194304");
        properties.put("log.cleaner.io.buffer.size", "65536");

        return Collections.unmodifiableMap(properties);
    }

    /** The properties of one of {@code size} brokers of which one may be away: every partition has a replica on each. */
    static Map<String, String> member(int size) {
        Map<String, String> properties = new LinkedHashMap<>(singleNode());
        String replicas = Integer.toString(size);
        String enough = Integer.toString(Math.max(1, size - 1));
        properties.put("default.replication.factor", replicas);
        properties.put("min.insync.replicas", enough);
        properties.put("offsets.topic.replication.factor", replicas);
        properties.put("transaction.state.log.replication.factor", replicas);
        properties.put("transaction.state.log.min.isr", enough);
        properties.put("share.coordinator.state.topic.replication.factor", replicas);
        properties.put("share.coordinator.state.topic.min.isr", enough);
        // A leader alone would wait 30 s before it counts a stalled follower as out of sync.
        properties.put("replica.lag.time.max.ms", "5000");
        return Collections.unmodifiableMap(properties);
    }

    /**
     * The same properties as the environment variables that the {@code apache/kafka} image reads.
     *
     * @throws IllegalArgumentException for a name with '_' or '-', which the image spells in its own way
     */
    static Map<String, String> asContainerEnvironment(Map<String, String> properties) {
        return properties.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        property -> containerVariable(property.getKey()), Map.Entry::getValue));
    }

    private static String containerVariable(String property) {
        if (property.contains("_") || property.contains("-")) {
            throw new IllegalArgumentException("no environment variable for the broker property " + property);
        }
        return "KAFKA_" + property.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
