package org.brokerhandoff.ingest;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.service.CellsConfiguration;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.ingest.http.PromisedAnswers;
import org.brokerhandoff.operations.configuration.HandoffSettings;
import org.brokerhandoff.operations.configuration.KeySettings;
import org.brokerhandoff.operations.configuration.LedgerSettings;
import org.brokerhandoff.operations.configuration.ReceiptSettings;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.http.ConnectionLimits;
import org.brokerhandoff.register.RegisterSettings;

/**
 * Settings of an ingest service.
 *
 * @param eventLog Kafka and its topics; its {@code maximumHold} is the promise to the person
 * @param custody the slot file, shared with the router
 * @param keysetFile the keys under which the slot file's keys are wrapped
 * @param cells where the keys are, if they are in cells; {@code custody} then holds only the files of this host
 * @param register the register's database
 * @param idempotencyFile prefix of the names of the idempotency files, which are private to this service
 * @param apiKeysFile YAML with the digests of the API keys
 * @param host address to listen on
 * @param port TCP port, or 0 for any free one
 * @param connections bounds of the HTTP connections
 * @param operationsHost address for health and metrics
 * @param operationsPort TCP port for health and metrics, or 0 for any free one
 * @param mostUnderWay maximum number of signups in progress
 * @param contacts where contact messages are delivered
 * @param countriesFile YAML with the rules per country, the same as the router's; without it there are none
 * @param receipts who the controller is, and who signs receipts
 * @param tracing the collector that spans are sent to; without it, nothing is traced
 */
public record IngestSettings(
        EventLogSettings eventLog,
        CustodySettings custody,
        Path keysetFile,
        Optional<CellsConfiguration> cells,
        RegisterSettings register,
        Path idempotencyFile,
        Path apiKeysFile,
        String host,
        int port,
        ConnectionLimits connections,
        String operationsHost,
        int operationsPort,
        int mostUnderWay,
        Contacts contacts,
        Optional<Path> countriesFile,
        Receipts receipts,
        Optional<URI> tracing) {
    /** Settings with a slot file. */
    public IngestSettings(
            EventLogSettings eventLog,
            CustodySettings custody,
            Path keysetFile,
            RegisterSettings register,
            Path idempotencyFile,
            Path apiKeysFile,
            String host,
            int port,
            ConnectionLimits connections,
            String operationsHost,
            int operationsPort,
            int mostUnderWay,
            Contacts contacts,
            Optional<Path> countriesFile,
            Receipts receipts,
            Optional<URI> tracing) {
        this(
                eventLog,
                custody,
                keysetFile,
                Optional.empty(),
                register,
                idempotencyFile,
                apiKeysFile,
                host,
                port,
                connections,
                operationsHost,
                operationsPort,
                mostUnderWay,
                contacts,
                countriesFile,
                receipts,
                tracing);
    }

    /**
     * What contact messages need.
     *
     * @param recipients ids of the directory's entries that may get them
     * @param hold time from acceptance to the proof of a message's purge; at most the one promised for signups
     */
    public record Contacts(List<String> recipients, Duration hold) {
        /** Copies the list. */
        public Contacts {
            recipients = List.copyOf(recipients);
        }
    }

    /**
     * What receipts, and the evidence for their content, need.
     *
     * @param operatorFile YAML with the operator; without it, receipts name no controller
     * @param keyFiles Ed25519 keys, of which the first signs; without keys, receipts are not signed
     * @param promise the ledger that will have the events; without it, nothing is promised
     * @param ledger address of the ledger, which has the evidence for what receipts say
     */
    public record Receipts(
            Optional<Path> operatorFile,
            List<Path> keyFiles,
            Optional<PromisedAnswers.Promise> promise,
            Optional<URI> ledger) {
        /** No operator and no keys. */
        public static final Receipts NONE = new Receipts(Optional.empty(), List.of());

        /** Receipts without a ledger. */
        public Receipts(Optional<Path> operatorFile, List<Path> keyFiles) {
            this(operatorFile, keyFiles, Optional.empty(), Optional.empty());
        }

        /** Copies the list. */
        public Receipts {
            keyFiles = List.copyOf(keyFiles);
        }
    }

    /** These settings with other receipts. */
    public IngestSettings with(Receipts others) {
        return with(countriesFile, others);
    }

    /** These settings with another file of rules per country. */
    public IngestSettings withCountries(Path file) {
        return with(Optional.of(file), receipts);
    }

    private IngestSettings with(Optional<Path> countries, Receipts others) {
        return new IngestSettings(
                eventLog,
                custody,
                keysetFile,
                cells,
                register,
                idempotencyFile,
                apiKeysFile,
                host,
                port,
                connections,
                operationsHost,
                operationsPort,
                mostUnderWay,
                contacts,
                countries,
                others,
                tracing);
    }

    /**
     * Each holds a few hundred bytes of personal data in memory for some milliseconds, or for seconds when Kafka stalls. More would only wait
     * longer: 2048 at 4,000 a second are half a second of queueing.
     */
    public static final int DEFAULT_MOST_UNDER_WAY = 2048;

    /**
     * Checks the holds.
     *
     * @throws IllegalArgumentException if messages would be held for longer than the log retains sealed data: Kafka's retention, not this
     *     system, would then end them, at an unknown time
     */
    public IngestSettings {
        if (contacts.hold().compareTo(eventLog.maximumHold()) > 0) {
            throw new IllegalArgumentException("HANDOFF_CONTACT_MAX_HOLD: at most HANDOFF_MAX_HOLD");
        }
    }

    /**
     * The settings in an environment.
     *
     * @throws org.brokerhandoff.custody.service.InvalidCells if custody is in cells and the file that lists them is invalid; has all its faults
     * @throws UncheckedIOException if a file that the environment names cannot be read, or is a secret readable by others
     */
    public static IngestSettings from(SettingsReader environment) {
        EventLogSettings eventLog = EventLogConfiguration.read(environment);
        return new IngestSettings(
                eventLog,
                new CustodySettings(
                        environment.get(KeySettings.CUSTODY_FILE),
                        environment.get(KeySettings.INITIAL_SLOTS),
                        environment.get(KeySettings.MAXIMUM_SLOTS),
                        environment.get(KeySettings.EPOCH_INTERVAL),
                        CustodySettings.SERVICE_GATHERING),
                environment.get(KeySettings.KEYSET_FILE),
                CellsConfiguration.of(environment),
                RegisterSettings.of(environment),
                environment.get(Settings.IDEMPOTENCY_FILE),
                environment.get(Settings.API_KEYS_FILE),
                environment.get(Settings.HTTP_HOST),
                environment.get(Settings.HTTP_PORT),
                ConnectionLimits.of(
                        environment.get(Settings.HTTP_MAX_CONNECTIONS),
                        environment.get(Settings.HTTP_MAX_CONNECTIONS_PER_ADDRESS)),
                environment.get(Settings.OPERATIONS_HOST),
                environment.get(Settings.OPERATIONS_PORT),
                DEFAULT_MOST_UNDER_WAY,
                new Contacts(
                        environment.get(Settings.CONTACT_RECIPIENTS),
                        environment.find(Settings.CONTACT_MAX_HOLD).orElse(eventLog.maximumHold())),
                environment.find(HandoffSettings.COUNTRIES_FILE),
                new Receipts(
                        environment.find(ReceiptSettings.OPERATOR_FILE),
                        environment.find(ReceiptSettings.KEY_FILES).orElse(List.of()),
                        environment
                                .find(LedgerSettings.ORIGIN)
                                .map(origin ->
                                        new PromisedAnswers.Promise(origin, environment.get(LedgerSettings.PROMISE))),
                        environment.find(LedgerSettings.URL)),
                environment.find(Settings.TRACING_ENDPOINT));
    }
}
