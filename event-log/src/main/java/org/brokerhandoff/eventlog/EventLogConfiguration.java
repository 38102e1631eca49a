package org.brokerhandoff.eventlog;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;

/** Reads {@link EventLogSettings} from the environment's settings. */
public final class EventLogConfiguration {
    private EventLogConfiguration() {}

    /**
     * The settings for a service that creates topics.
     *
     * @throws UncheckedIOException if the file with client properties cannot be read
     */
    public static EventLogSettings read(SettingsReader reader) {
        return new EventLogSettings(
                reader.get(Settings.KAFKA_BOOTSTRAP_SERVERS),
                clientProperties(reader),
                reader.get(Settings.TOPIC_PREFIX),
                reader.get(Settings.PARTITIONS),
                reader.get(Settings.REPLICATION_FACTOR),
                reader.get(Settings.MAX_HOLD));
    }

    /** The client properties of {@code HANDOFF_KAFKA_CONFIG_FILE}, none if it is not set. */
    public static Map<String, String> clientProperties(SettingsReader reader) {
        return reader.find(Settings.KAFKA_CONFIG_FILE)
                .map(EventLogConfiguration::load)
                .orElseGet(Map::of);
    }

    private static Map<String, String> load(Path file) {
        Properties properties = new Properties();
        try (Reader text = Files.newBufferedReader(file)) {
            properties.load(text);
        } catch (IOException e) {
            throw new UncheckedIOException("HANDOFF_KAFKA_CONFIG_FILE cannot be read", e);
        }
        Map<String, String> map = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }
}
