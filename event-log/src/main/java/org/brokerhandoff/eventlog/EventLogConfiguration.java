package org.brokerhandoff.eventlog;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.secrets.ExposedSecretFile;
import org.brokerhandoff.operations.secrets.SecretFile;

/** Reads {@link EventLogSettings} from the environment's settings. */
public final class EventLogConfiguration {
    /** Kafka's name for the file with the client's private key, in whichever format. */
    private static final String KEYSTORE = "ssl.keystore.location";

    private EventLogConfiguration() {}

    /**
     * The settings for a service that creates topics.
     *
     * @throws UncheckedIOException if the file with client properties cannot be read, or it or its keystore is readable by others
     */
    public static EventLogSettings read(SettingsReader reader) {
        return new EventLogSettings(
                reader.get(Settings.KAFKA_BOOTSTRAP_SERVERS),
                clientProperties(reader),
                reader.get(Settings.TOPIC_PREFIX),
                reader.get(Settings.PARTITIONS),
                reader.get(Settings.REPLICATION_FACTOR),
                reader.get(Settings.MAX_HOLD),
                reader.get(Settings.INSTALLATION));
    }

    /**
     * The settings for a program that does not create topics; partitions, replicas and hold are only for those that do.
     *
     * @throws UncheckedIOException as {@link #read}
     */
    public static EventLogSettings readExisting(SettingsReader reader) {
        return new EventLogSettings(
                reader.get(Settings.KAFKA_BOOTSTRAP_SERVERS),
                clientProperties(reader),
                reader.get(Settings.TOPIC_PREFIX),
                1,
                1,
                Duration.ZERO,
                reader.get(Settings.INSTALLATION));
    }

    /**
     * The client properties of {@code HANDOFF_KAFKA_CONFIG_FILE}, none if it is not set.
     *
     * @throws UncheckedIOException as {@link #read}
     */
    public static Map<String, String> clientProperties(SettingsReader reader) {
        return reader.find(Settings.KAFKA_CONFIG_FILE)
                .map(EventLogConfiguration::load)
                .orElseGet(Map::of);
    }

    private static Map<String, String> load(Path file) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(SecretFile.read(file)));
            String keystore = properties.getProperty(KEYSTORE);
            if (keystore != null) {
                var unused = SecretFile.checked(Path.of(keystore));
            }
        } catch (ExposedSecretFile e) {
            throw new UncheckedIOException(Settings.KAFKA_CONFIG_FILE + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    Settings.KAFKA_CONFIG_FILE + " must name a properties file that can be read; " + file
                            + ", or the keystore it names, cannot: "
                            + e.getClass().getSimpleName(),
                    e);
        } catch (IllegalArgumentException e) {
            // Not the cause: its message quotes the file.
            throw new UncheckedIOException(
                    Settings.KAFKA_CONFIG_FILE + " must name a properties file; " + file + " is not one",
                    new IOException(e.getClass().getSimpleName()));
        }
        Map<String, String> map = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }
}
