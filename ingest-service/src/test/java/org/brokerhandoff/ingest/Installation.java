package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.operations.http.ConnectionLimits;
import org.brokerhandoff.register.RegisterSettings;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/**
 * Files and topics of one installation, for services that are started, killed and restarted on them.
 *
 * @param directory holds all files
 * @param bootstrapServers Kafka
 * @param topicPrefix separates it from other tests
 * @param slots maximum number of slots of the custody file
 */
record Installation(Path directory, String bootstrapServers, String topicPrefix, int slots, Duration maximumHold) {
    static final String WEBSITE = "website-secret";
    static final String OTHER_WEBSITE = "other-website-secret";
    static final String ADMIN = "admin-secret";
    static final String OTHER_ADMIN = "other-admin-secret";
    /** Another key of the owner of {@link #ADMIN}. */
    static final String ROTATED_ADMIN = "rotated-admin-secret";

    static final int PARTITIONS = 3;
    /** An address without a listener. */
    static final String NO_KAFKA = "127.0.0.1:1";

    static Installation in(Path directory, String bootstrapServers, String topicPrefix) {
        return new Installation(directory, bootstrapServers, topicPrefix, 4096, Duration.ofHours(1));
    }

    IngestSettings settings() {
        try {
            Files.createDirectories(directory);
            Files.writeString(
                    directory.resolve("api-keys.yaml"),
                    "keys:\n" + line("website-1", "website", WEBSITE) + line("website-2", "website", OTHER_WEBSITE)
                            + line("admin-1", "admin", ADMIN) + line("admin-2", "admin", OTHER_ADMIN)
                            + line("admin-1-next, owner: admin-1", "admin", ROTATED_ADMIN));
            Files.setPosixFilePermissions(
                    directory.resolve("api-keys.yaml"), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new IngestSettings(
                new EventLogSettings(bootstrapServers, Map.of(), topicPrefix, PARTITIONS, 1, maximumHold),
                custodySettings(),
                directory.resolve("custody.keyset"),
                new RegisterSettings(
                        "jdbc:sqlite:" + directory.resolve("register.db"), Optional.empty(), Optional.empty()),
                directory.resolve("idempotency.db"),
                directory.resolve("api-keys.yaml"),
                "127.0.0.1",
                0,
                ConnectionLimits.of(1024, 512),
                "127.0.0.1",
                0,
                IngestSettings.DEFAULT_MOST_UNDER_WAY,
                new IngestSettings.Contacts(List.of("helpdesk"), maximumHold.dividedBy(2)),
                Optional.empty(),
                IngestSettings.Receipts.NONE,
                Optional.empty());
    }

    CustodySettings custodySettings() {
        return new CustodySettings(directory.resolve("custody.slots"), slots, slots);
    }

    /** A second view of the custody file, like a router's. */
    SlotFile custody() {
        SlotFile custody =
                SlotFile.open(custodySettings(), FileKeyset.openOrCreate(directory.resolve("custody.keyset")));
        assertThat(custody.serveKeysAfter((signups, mark, handler) -> {}, Duration.ZERO))
                .isZero();
        return custody;
    }

    /** A service, and the directory that a router would have published. */
    IngestWithRegister start(Vertx vertx) {
        IngestWithRegister service = IngestWithRegister.start(settings(), vertx);
        publishDirectory();
        return service;
    }

    /** Publishes what a router publishes of its broker directory, unless there is no Kafka. */
    void publishDirectory() {
        if (bootstrapServers.equals(NO_KAFKA)) {
            return;
        }
        try (EventPublisher publisher = new EventPublisher(
                new KafkaClients(settings().eventLog()), new EventCodec(), "/router", InstantSource.system())) {
            publisher
                    .publishTo(
                            Topic.HANDOFFS,
                            0,
                            new DirectoryPublished(
                                    Digests.sha256("directory"),
                                    Instant.parse("2026-01-01T00:00:00Z"),
                                    Stream.of("fjord-markets", "nordlys-invest", "helpdesk")
                                            .map(Installation::broker)
                                            .toList()))
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
        }
    }

    private static PublishedBroker broker(String id) {
        return PublishedBroker.newBuilder()
                .setId(id)
                .setName(id)
                .setPrivacyPolicy("https://" + id + ".example/privacy")
                .setCountries(List.of("*"))
                .setLanguages(List.of())
                .setTransferCountries(List.of())
                .setPriority(1)
                .setWeight(1)
                .setStatus(BrokerStatus.ACTIVE)
                .build();
    }

    /** A service with its own files that shares another one's register. */
    IngestWithRegister start(Vertx vertx, RegisterSettings register) {
        IngestSettings own = settings();
        IngestWithRegister service = IngestWithRegister.start(
                new IngestSettings(
                        own.eventLog(),
                        own.custody(),
                        own.keysetFile(),
                        register,
                        own.idempotencyFile(),
                        own.apiKeysFile(),
                        own.host(),
                        own.port(),
                        own.connections(),
                        own.operationsHost(),
                        own.operationsPort(),
                        own.mostUnderWay(),
                        own.contacts(),
                        own.countriesFile(),
                        own.receipts(),
                        own.tracing()),
                vertx);
        publishDirectory();
        return service;
    }

    static String line(String id, String scope, String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return "  - {id: " + id + ", scopes: [" + scope + "], sha256: \""
                    + HexFormat.of().formatHex(digest) + "\"}\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
