package org.brokerhandoff.registerservice;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.operations.configuration.FeedSettings;
import org.brokerhandoff.operations.configuration.HandoffSettings;
import org.brokerhandoff.operations.configuration.KeySettings;
import org.brokerhandoff.operations.configuration.NoticeSettings;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.register.RegisterSettings;
import org.brokerhandoff.registerservice.notify.NoticeSchedule;

/**
 * Settings of the register service.
 *
 * @param eventLog Kafka and the topics
 * @param slotFile that of ingest and router: the host's time and the acknowledged ends are in files beside it
 * @param register the database
 * @param brokers connection to brokers
 * @param notices schedule of notices
 * @param httpHost address for health and metrics
 * @param httpPort port for health and metrics, 0 for any port
 */
public record RegisterServiceSettings(
        EventLogSettings eventLog,
        Path slotFile,
        RegisterSettings register,
        Brokers brokers,
        NoticeSchedule notices,
        String httpHost,
        int httpPort) {
    /**
     * Connection to brokers, and websites.
     *
     * @param file the broker directory
     * @param period interval between reads of the broker directory
     * @param exchangeLimit timeout of one request and its response
     * @param proxy proxy for brokers and websites that are not local
     * @param feeds the websites that get webhooks; empty: none
     */
    public record Brokers(
            Path file, Duration period, Duration exchangeLimit, Optional<String> proxy, Optional<Path> feeds) {
        /** Does not print the proxy's address, which may contain a password. */
        @Override
        public String toString() {
            return "Brokers[" + file + "]";
        }
    }

    /**
     * The settings that {@code reader} has, which must have been read for the register service.
     *
     * @throws java.io.UncheckedIOException if a file with a secret cannot be read, or is readable by others
     */
    public static RegisterServiceSettings read(SettingsReader reader) {
        return new RegisterServiceSettings(
                EventLogConfiguration.read(reader),
                reader.get(KeySettings.CUSTODY_FILE),
                RegisterSettings.of(reader),
                new Brokers(
                        reader.get(HandoffSettings.BROKERS_FILE),
                        reader.get(HandoffSettings.BROKERS_PERIOD),
                        reader.get(HandoffSettings.ATTEMPT_TIMEOUT),
                        reader.find(HandoffSettings.PROXY),
                        reader.find(FeedSettings.FEEDS_FILE)),
                new NoticeSchedule(
                        reader.get(NoticeSettings.BACKOFF_INITIAL),
                        reader.get(NoticeSettings.BACKOFF_MAXIMUM),
                        reader.get(NoticeSettings.LIMIT),
                        reader.get(NoticeSettings.ESCALATE_AFTER),
                        reader.get(NoticeSettings.SETTLE_AFTER)),
                reader.get(Settings.OPERATIONS_HOST),
                reader.get(Settings.REGISTER_HTTP_PORT));
    }
}
