package org.brokerhandoff.operations.configuration;

import static org.brokerhandoff.operations.configuration.Service.ERASURE_AGENT;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings of the erasure agent: what the files of a Kafka broker may still contain. */
public final class ErasureSettings {
    public static final Setting<List<Path>> KAFKA_LOG_DIRS = Setting.required(
            "HANDOFF_KAFKA_LOG_DIRS",
            Kind.paths(),
            "All log directories (log.dirs) of the Kafka broker that the agent runs beside",
            ERASURE_AGENT);

    public static final Setting<Duration> LOOK_PERIOD = Setting.withDefault(
            "HANDOFF_ERASURE_LOOK_PERIOD",
            Kind.duration("PT0.1S", "PT1M"),
            "PT0.5S",
            "Time between two scans of the names and sizes of the broker's files",
            ERASURE_AGENT);

    // The router considers an agent dead that was silent for two minutes: docs/purge.md.
    public static final Setting<Duration> HEARTBEAT = Setting.withDefault(
            "HANDOFF_ERASURE_HEARTBEAT",
            Kind.duration("PT1S", "PT1M"),
            "PT30S",
            "Longest silence of an agent that has nothing new to report",
            ERASURE_AGENT);

    private ErasureSettings() {}
}
