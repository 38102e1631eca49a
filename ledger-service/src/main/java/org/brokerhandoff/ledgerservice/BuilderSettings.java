package org.brokerhandoff.ledgerservice;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.operations.configuration.LedgerSettings;
import org.brokerhandoff.operations.configuration.SettingsReader;

/**
 * Settings of the builder.
 *
 * @param eventLog Kafka and the topics
 * @param origin the ledger's
 * @param keyFiles of the log's keys, newest first
 * @param directory the ledger's folder
 * @param interval time between two rounds
 * @param settle age from which a record is committed to; if absent, determined by the replication
 * @param start what is permitted if topic and folder do not both have the ledger
 */
record BuilderSettings(
        EventLogSettings eventLog,
        String origin,
        List<Path> keyFiles,
        Path directory,
        Duration interval,
        Optional<Duration> settle,
        Start start) {
    /** With fewer replicas, records must be on disk before they are committed to, since a power cut may revert them. */
    private static final Duration SETTLE_REPLICATED = Duration.ofSeconds(5);

    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final int REPLICAS = 3;

    /** The operator's instruction for the start. */
    enum Start {
        /** Continue the ledger, or begin one if there is none. */
        CONTINUE,
        /** The folder is lost: recompute everything from the topics. */
        ADOPT,
        /** Begin a new generation over the current topics. */
        SUCCEED
    }

    BuilderSettings {
        keyFiles = List.copyOf(keyFiles);
    }

    static BuilderSettings read(SettingsReader reader, Start start) {
        return new BuilderSettings(
                EventLogConfiguration.readExisting(reader),
                reader.get(LedgerSettings.ORIGIN),
                reader.get(LedgerSettings.KEY_FILES),
                reader.get(LedgerSettings.DIRECTORY),
                reader.get(LedgerSettings.INTERVAL),
                reader.find(LedgerSettings.SETTLE),
                start);
    }

    /** The settle time, if every partition has at least {@code replicas}. */
    Duration settle(int replicas) {
        return settle.orElse(replicas >= REPLICAS ? SETTLE_REPLICATED : SETTLE);
    }

    /** Origin of the previous generation; empty for the first. */
    Optional<String> predecessor() {
        int slash = origin.lastIndexOf('/');
        int generation = Integer.parseInt(origin.substring(slash + 1));
        return generation > 1 ? Optional.of(origin.substring(0, slash + 1) + (generation - 1)) : Optional.empty();
    }
}
