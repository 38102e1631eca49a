package org.brokerhandoff.router;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.service.CellsConfiguration;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.operations.configuration.HandoffSettings;
import org.brokerhandoff.operations.configuration.KeySettings;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.DeliverySettings;
import org.brokerhandoff.router.deliver.Patience;
import org.brokerhandoff.router.directory.DirectoryFile;
import org.brokerhandoff.schemas.EventCodec;

/**
 * The router's settings.
 *
 * @param eventLog Kafka and the topics
 * @param custody the slot file
 * @param keysetFile the epoch keys
 * @param cells where the keys are instead, if they are in cells; beside {@code custody} are only the files of this host then
 * @param directory the broker directory
 * @param group consumer group
 * @param maximumInFlight signups worked on at once
 * @param erasureWait longest time for which a purge waits for the brokers' files
 * @param delivery limits of delivery
 * @param proxy proxy between this system and brokers that are not local
 * @param parkingInterval time that a signup stays parked before its broker is tried again
 * @param httpHost where health and metrics are served
 * @param httpPort where health and metrics are served, 0 for any port
 * @param tracing the collector that spans are sent to; without it, nothing is traced
 */
public record RouterSettings(
        EventLogSettings eventLog,
        CustodySettings custody,
        Path keysetFile,
        Optional<CellsConfiguration> cells,
        Directory directory,
        String group,
        int maximumInFlight,
        Duration erasureWait,
        DeliverySettings delivery,
        Optional<String> proxy,
        Duration parkingInterval,
        String httpHost,
        int httpPort,
        Optional<URI> tracing) {
    /** Settings with a slot file. */
    public RouterSettings(
            EventLogSettings eventLog,
            CustodySettings custody,
            Path keysetFile,
            Directory directory,
            String group,
            int maximumInFlight,
            Duration erasureWait,
            DeliverySettings delivery,
            Optional<String> proxy,
            Duration parkingInterval,
            String httpHost,
            int httpPort,
            Optional<URI> tracing) {
        this(
                eventLog,
                custody,
                keysetFile,
                Optional.empty(),
                directory,
                group,
                maximumInFlight,
                erasureWait,
                delivery,
                proxy,
                parkingInterval,
                httpHost,
                httpPort,
                tracing);
    }

    /**
     * Location of the broker directory.
     *
     * @param brokers its file
     * @param countries file with the rules per country, if there are any
     * @param period how often the files are checked for changes
     */
    public record Directory(Path brokers, Optional<Path> countries, Duration period) {
        /** What the files hold now. */
        DirectoryFile.Reading reading(EventCodec codec) {
            return DirectoryFile.reading(brokers, countries, codec);
        }
    }

    /** Shorter than any parking interval in use, so that the first signup that comes back finds a breaker that lets it try. */
    private static final Duration BREAKER_PAUSE = Duration.ofSeconds(5);

    private static final Duration DEFAULT_PARKING_INTERVAL = Duration.ofMinutes(1);

    /**
     * The settings that {@code reader} has, which must have been read for the router.
     *
     * @throws org.brokerhandoff.custody.service.InvalidCells if custody is in cells, with all that is wrong with the file that says where
     */
    public static RouterSettings read(SettingsReader reader) {
        return new RouterSettings(
                EventLogConfiguration.read(reader),
                new CustodySettings(
                        reader.get(KeySettings.CUSTODY_FILE),
                        reader.get(KeySettings.INITIAL_SLOTS),
                        reader.get(KeySettings.MAXIMUM_SLOTS),
                        reader.get(KeySettings.EPOCH_INTERVAL),
                        CustodySettings.SERVICE_GATHERING),
                reader.get(KeySettings.KEYSET_FILE),
                CellsConfiguration.of(reader),
                new Directory(
                        reader.get(HandoffSettings.BROKERS_FILE),
                        reader.find(HandoffSettings.COUNTRIES_FILE),
                        reader.get(HandoffSettings.BROKERS_PERIOD)),
                reader.get(Settings.TOPIC_PREFIX) + reader.get(HandoffSettings.GROUP),
                reader.get(HandoffSettings.MAX_IN_FLIGHT),
                reader.get(HandoffSettings.ERASURE_WAIT),
                new DeliverySettings(
                        reader.get(HandoffSettings.ATTEMPT_TIMEOUT),
                        new Backoff(
                                reader.get(HandoffSettings.BACKOFF_INITIAL),
                                reader.get(HandoffSettings.BACKOFF_MAXIMUM)),
                        new Patience(reader.get(HandoffSettings.QUICK_ATTEMPTS)),
                        BREAKER_PAUSE,
                        reader.get(HandoffSettings.NON_RECEIPT_AFTER),
                        reader.get(HandoffSettings.SUSPENSION),
                        reader.get(HandoffSettings.UNAUTHORIZED_LIMIT)),
                reader.find(HandoffSettings.PROXY),
                reader.find(HandoffSettings.PARKING_INTERVAL).orElseGet(() -> defaultParkingInterval(reader)),
                reader.get(Settings.OPERATIONS_HOST),
                reader.get(Settings.ROUTER_HTTP_PORT),
                reader.find(Settings.TRACING_ENDPOINT));
    }

    private static Duration defaultParkingInterval(SettingsReader reader) {
        Duration longest = HandoffSettings.longestParkingInterval(reader.get(Settings.MAX_HOLD));
        return longest.compareTo(DEFAULT_PARKING_INTERVAL) < 0 ? longest : DEFAULT_PARKING_INTERVAL;
    }
}
