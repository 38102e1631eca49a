package org.brokerhandoff.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.ingest.authentication.ApiKeys;
import org.brokerhandoff.ingest.authentication.InvalidApiKeys;
import org.brokerhandoff.ingest.operator.InvalidOperator;
import org.brokerhandoff.ingest.operator.OperatorFile;
import org.brokerhandoff.ingest.receipt.InvalidReceiptKeys;
import org.brokerhandoff.ingest.receipt.ReceiptKeys;
import org.brokerhandoff.operations.configuration.FeedSettings;
import org.brokerhandoff.operations.configuration.HandoffSettings;
import org.brokerhandoff.operations.configuration.LedgerSettings;
import org.brokerhandoff.operations.configuration.ReceiptSettings;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.register.RegisterSettings;
import org.brokerhandoff.registerservice.feed.Feeds;
import org.brokerhandoff.registerservice.feed.InvalidFeeds;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.directory.DirectoryFile;
import org.brokerhandoff.router.directory.ParsedDirectory;
import org.brokerhandoff.schemas.EventCodec;

/** The files that operators write: their form, the secrets that they name, and who may read those. */
final class FilesCheck {
    private static final String SECRETS = "see docs/configuration.md, Files with secrets, for owners and modes";

    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();

    private FilesCheck(Instant now) {
        this.now = now;
    }

    /** What is found in the files that these services are told of; each file once. */
    static List<Finding> of(Map<Service, SettingsReader> services, Instant now) {
        FilesCheck check = new FilesCheck(now);
        services.values().stream().findFirst().ifPresent(check::kafkaClient);
        Optional.ofNullable(services.get(Service.INGEST)).ifPresent(check::ingest);
        Optional.ofNullable(services.get(Service.ROUTER))
                .ifPresent(router -> check.directory(
                        router.get(HandoffSettings.BROKERS_FILE), router.find(HandoffSettings.COUNTRIES_FILE)));
        Optional.ofNullable(services.get(Service.REGISTER_SERVICE)).ifPresent(check::registerService);
        Optional.ofNullable(services.get(Service.LEDGER)).ifPresent(check::ledger);
        return check.findings;
    }

    private void kafkaClient(SettingsReader settings) {
        settings.find(Settings.KAFKA_CONFIG_FILE)
                .ifPresent(file -> check(
                        "kafka-client",
                        file,
                        SECRETS,
                        () -> EventLogConfiguration.clientProperties(settings).size() + " settings"));
    }

    private void ingest(SettingsReader ingest) {
        Path keys = ingest.get(Settings.API_KEYS_FILE);
        check("api-keys", keys, SECRETS, () -> ApiKeys.load(keys).size() + " keys");
        ingest.find(ReceiptSettings.OPERATOR_FILE)
                .ifPresentOrElse(
                        file -> check(
                                "operator",
                                file,
                                "see docs/ingest.md, Receipts, for its format",
                                () -> OperatorFile.read(file).name()),
                        () -> findings.add(Finding.advice(
                                "operator",
                                ReceiptSettings.OPERATOR_FILE + " is not set, so receipts name no controller",
                                "docs/ingest.md, Receipts")));
        List<Path> receipts = ingest.find(ReceiptSettings.KEY_FILES).orElse(List.of());
        if (receipts.isEmpty()) {
            findings.add(Finding.advice(
                    "receipt-keys",
                    ReceiptSettings.KEY_FILES + " is not set, so receipts are not signed",
                    "./handoff receipt-key FILE makes a key"));
        } else {
            check("receipt-keys", receipts.get(0), SECRETS, () -> {
                var unused = ReceiptKeys.read(receipts);
                return receipts.size() + " keys";
            });
        }
    }

    private void directory(Path brokers, Optional<Path> countries) {
        ParsedDirectory parsed =
                DirectoryFile.reading(brokers, countries, new EventCodec()).parsed();
        if (parsed instanceof ParsedDirectory.Invalid invalid) {
            invalid.problems()
                    .forEach(problem -> findings.add(Finding.wrong(
                            "directory",
                            brokers + ", " + problem,
                            "docs/routing.md, The directory; ./handoff router --directory-schema is for editors")));
            return;
        }
        BrokerDirectory directory = ((ParsedDirectory.Valid) parsed).directory();
        findings.add(
                Finding.fine("directory", brokers + ": " + directory.brokers().size() + " entries"));
        directory
                .agreementsEnding(now)
                .forEach((broker, end) -> findings.add(Finding.advice(
                        "directory",
                        "the agreement with " + broker + " ends, or has ended, at " + end,
                        "renew it, and change validUntil; once it has ended the broker gets nothing")));
    }

    private void registerService(SettingsReader settings) {
        settings.find(Settings.REGISTER_PASSWORD_FILE)
                .ifPresent(file -> check("register-password", file, SECRETS, () -> {
                    var unused = RegisterSettings.of(settings);
                    return "can be read";
                }));
        settings.find(FeedSettings.FEEDS_FILE)
                .ifPresent(file -> check("feeds", file, "see docs/feed.md, Webhooks, for its format", () -> {
                    Feeds.check(file);
                    return "can be used";
                }));
    }

    private void ledger(SettingsReader settings) {
        for (Path file : settings.get(LedgerSettings.KEY_FILES)) {
            check("ledger-key", file, SECRETS, () -> {
                var unused = SecretFile.checked(file);
                return "is private";
            });
        }
    }

    private interface Reading {
        String found() throws IOException;
    }

    /** The messages of these exceptions name files, places and rules, and quote no secret. */
    private void check(String name, Path file, String remedy, Reading reading) {
        try {
            findings.add(Finding.fine(name, file + ": " + reading.found()));
        } catch (InvalidApiKeys | InvalidOperator | InvalidReceiptKeys | InvalidFeeds | UncheckedIOException e) {
            findings.add(Finding.wrong(name, String.valueOf(e.getMessage()), remedy));
        } catch (IOException e) {
            findings.add(Finding.wrong(name, file + " cannot be used: " + e.getMessage(), remedy));
        }
    }
}
