package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.brokerhandoff.embeddedkafka.KafkaCluster;
import org.brokerhandoff.erasure.ErasureAgent;
import org.brokerhandoff.erasure.ErasureAgentSettings;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Three brokers with a replica each, an agent beside each, and one of them killed. Needs processes, whatever the switch says. */
@Tag("faults")
@ResourceLock("a cluster of Kafka")
class ReplicatedErasureIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern SEGMENT = Pattern.compile("(\\d{20})\\.log(\\..+)?");

    @TempDir
    Path directory;

    private final List<SignupSource.Sent> sent = new ArrayList<>();

    private static List<Path> files(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    /** Where a text of bytes stands in the files below a directory, read independently of what the agent does. */
    private static List<Path> containing(Path root, byte[] wanted) throws IOException {
        String needle = new String(wanted, StandardCharsets.ISO_8859_1);
        List<Path> found = new ArrayList<>();
        for (Path file : files(root)) {
            try {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(needle)) {
                    found.add(file);
                }
            } catch (NoSuchFileException gone) {
                // Deleted since it was listed, which is what is hoped for.
            }
        }
        return found;
    }

    /** Segments with content, whatever they are called, that begin at an offset or before it. */
    private static List<Path> segmentsUpTo(Path log, String partition, long offset) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : files(log)) {
            String place = log.relativize(file).toString();
            Matcher name = SEGMENT.matcher(file.getFileName().toString());
            if ((place.startsWith(partition + "/") || place.startsWith(partition + "."))
                    && name.matches()
                    && Long.parseLong(name.group(1)) <= offset
                    && Files.size(file) > 0) {
                found.add(file);
            }
        }
        return found;
    }

    private void send(RouterFixture fixture, int count) {
        for (int i = 0; i < count; i++) {
            sent.add(fixture.source.sendUntilAcknowledged("NO", PERSON, "fjord-markets"));
        }
    }

    private static boolean inSync(Admin admin, RouterFixture fixture, int replicas) throws Exception {
        String topic = Topic.SIGNUPS.name(fixture.settings.eventLog().topicPrefix());
        TopicDescription description = Objects.requireNonNull(admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(topic));
        return description.partitions().stream()
                .allMatch(partition -> partition.isr().size() == replicas && partition.leader() != null);
    }

    private static Map<UUID, Purged> claims(RouterFixture fixture) {
        return fixture.purges().stream()
                .collect(Collectors.toMap(
                        purged -> SignupIds.uuid(purged.getSignupId()), Function.identity(), (first, repeat) -> first));
    }

    private boolean keysDestroyed(RouterFixture fixture) {
        return sent.stream()
                .allMatch(each -> fixture.source
                        .slot(each.slot())
                        .filter(slot -> slot.erasedAt().isPresent())
                        .isPresent());
    }

    @Test
    void with_a_replica_away_purges_wait_and_say_why_and_when_it_is_back_no_file_of_any_broker_holds_a_record()
            throws Exception {
        List<ErasureAgent> agents = new ArrayList<>();
        try (KafkaCluster kafka = KafkaCluster.start(directory.resolve("kafka"), 3, Map.of());
                RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1), kafka.bootstrapServers(), 3);
                Admin admin = new KafkaClients(fixture.settings.eventLog()).admin("test-admin")) {
            for (Path log : kafka.logDirectories().values()) {
                agents.add(ErasureAgent.start(new ErasureAgentSettings(
                        fixture.settings.eventLog(), List.of(log), Duration.ofMillis(200), Duration.ofSeconds(5))));
            }
            await().atMost(LIMIT).until(() -> inSync(admin, fixture, 3));
            send(fixture, 6);
            for (Path log : kafka.logDirectories().values()) {
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(containing(log, sealed(sent.get(0))))
                                .as("control: the search finds what is there, in " + log)
                                .isNotEmpty());
            }

            kafka.broker(3).kill();
            await().atMost(LIMIT).until(() -> inSync(admin, fixture, 2));
            RouterService router = fixture.startRouter();
            send(fixture, 4);
            await("signups are accepted and delivered with one broker away")
                    .atMost(LIMIT)
                    .until(() -> fixture.fjord.books().totals().accepted() == sent.size());
            await().atMost(LIMIT).until(() -> keysDestroyed(fixture));
            await("the reason")
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(router.readiness().check())
                            .isInstanceOfSatisfying(Health.Impaired.class, health -> {
                                assertThat(health.code()).isEqualTo("replicas-away");
                                assertThat(health.detail())
                                        .contains("10 purges wait for Kafka brokers [3] to be in sync");
                            }));
            await("the two that are there").atMost(LIMIT).untilAsserted(() -> {
                assertThat(containing(kafka.broker(1).logDirectory(), sealed(sent.get(0))))
                        .isEmpty();
                assertThat(containing(kafka.broker(2).logDirectory(), sealed(sent.get(0))))
                        .isEmpty();
            });
            assertThat(containing(kafka.broker(3).logDirectory(), sealed(sent.get(0))))
                    .as("the disk of the one that is away holds the record, which is why nothing may be claimed")
                    .isNotEmpty();
            await().during(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> claims(fixture).isEmpty());

            kafka.broker(3).restart();
            await("purges complete by themselves")
                    .atMost(LIMIT)
                    .until(() -> claims(fixture).size() == sent.size() && router.unfinished() == 0);
            assertThat(router.readiness().check()).isEqualTo(Health.healthy());
            Map<UUID, Purged> claims = claims(fixture);
            for (SignupSource.Sent each : sent) {
                Purged claim = Objects.requireNonNull(claims.get(each.signupId()));
                assertThat(claim.getLevel()).isEqualTo(PurgeLevel.ERASED);
                assertThat(claim.getReplicas()).isEqualTo(3);
                assertThat(claim.getInSyncReplicas()).isEqualTo(3);
                assertThat(supportingBrokers(fixture, claim)).containsExactly(1, 2, 3);
                for (Path log : kafka.logDirectories().values()) {
                    assertThat(segmentsUpTo(
                                    log,
                                    Topic.SIGNUPS.name(
                                                    fixture.settings.eventLog().topicPrefix()) + "-"
                                            + claim.getPartition(),
                                    Optional.ofNullable(claim.getOffset()).orElseThrow()))
                            .isEmpty();
                    assertThat(containing(log, sealed(each))).isEmpty();
                }
            }
        } finally {
            agents.forEach(ErasureAgent::close);
        }
    }

    /** A service that was told of one replica starts beside others that rely on three. */
    private static void assertOneReplicaWeakensNothing(RouterFixture fixture) throws Exception {
        EventLogSettings three = fixture.settings.eventLog();
        EventLogSettings one = new EventLogSettings(
                three.bootstrapServers(), Map.of(), three.topicPrefix(), three.partitions(), 1, three.maximumHold());
        ConfigResource signups = new ConfigResource(ConfigResource.Type.TOPIC, Topic.SIGNUPS.name(three.topicPrefix()));
        try (Admin admin = new KafkaClients(one).admin("test-admin")) {
            new TopicProvisioner(admin, one).provision();
            assertThat(Objects.requireNonNull(admin.describeConfigs(List.of(signups))
                                    .all()
                                    .get(30, TimeUnit.SECONDS)
                                    .get(signups))
                            .get("min.insync.replicas")
                            .value())
                    .isEqualTo("2");
        }
    }

    private static byte[] sealed(SignupSource.Sent signup) {
        return signup.sealed().bytes();
    }

    /** As the auditor does. */
    private static List<Integer> supportingBrokers(RouterFixture fixture, Purged claim) {
        return fixture.events(Topic.PURGES).stream()
                .filter(LogErased.class::isInstance)
                .map(LogErased.class::cast)
                .filter(look -> Integer.valueOf(look.getPartition()).equals(claim.getPartition())
                        && look.getLowestOffset() != null
                        && look.getLowestOffset()
                                > Optional.ofNullable(claim.getOffset()).orElseThrow()
                        && look.getObservedAt().isAfter(claim.getCutConfirmedAt())
                        && !look.getObservedAt().isAfter(claim.getPurgedAt()))
                .map(LogErased::getBroker)
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void one_silent_agent_lowers_the_claim_and_holds_nothing_up() throws Exception {
        List<ErasureAgent> agents = new ArrayList<>();
        try (KafkaCluster kafka = KafkaCluster.start(directory.resolve("kafka"), 3, Map.of());
                RouterFixture fixture =
                        new RouterFixture(directory, Duration.ofHours(1), kafka.bootstrapServers(), 3)) {
            for (int broker = 1; broker <= 2; broker++) {
                agents.add(ErasureAgent.start(new ErasureAgentSettings(
                        fixture.settings.eventLog(),
                        List.of(kafka.broker(broker).logDirectory()),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5))));
            }
            assertOneReplicaWeakensNothing(fixture);
            fixture.startRouter();
            send(fixture, 3);
            await().atMost(LIMIT).until(() -> claims(fixture).size() == 3);
            assertThat(claims(fixture).values())
                    .allSatisfy(claim -> assertThat(claim.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE));
        } finally {
            agents.forEach(ErasureAgent::close);
        }
    }
}
