package org.brokerhandoff.erasure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.operations.configuration.ErasureSettings;
import org.brokerhandoff.operations.configuration.SettingsReader;

/**
 * Everything the agent is told at its start.
 *
 * @param eventLog Kafka and the topics
 * @param logDirectories all log directories of the broker
 * @param lookPeriod time between two looks
 * @param heartbeat the longest silence
 */
public record ErasureAgentSettings(
        EventLogSettings eventLog, List<Path> logDirectories, Duration lookPeriod, Duration heartbeat) {
    /** Copies the list. */
    public ErasureAgentSettings {
        logDirectories = List.copyOf(logDirectories);
    }

    /**
     * The settings that {@code reader} has, which must have been read for the agent.
     *
     * @throws java.io.UncheckedIOException if the file with client properties cannot be read
     */
    public static ErasureAgentSettings read(SettingsReader reader) {
        // It names the partition of every record.
        return new ErasureAgentSettings(
                EventLogConfiguration.readExisting(reader),
                reader.get(ErasureSettings.KAFKA_LOG_DIRS),
                reader.get(ErasureSettings.LOOK_PERIOD),
                reader.get(ErasureSettings.HEARTBEAT));
    }
}
