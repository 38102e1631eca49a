package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.embeddedkafka.KafkaCluster;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that was suspended and resumes still believes itself the leader, until it hears of its successor, and answers with ends from
 * before what that one acknowledged. It must not make an accepted signup appear not to exist.
 */
@Tag("faults")
class StoppedLeaderIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int PARTITIONS = 1;
    private static final String PREFIX = "stopped-";
    private static final EventCodec CODEC = new EventCodec();

    @TempDir
    Path directory;

    @Test
    void what_its_successor_acknowledged_is_never_missing_from_an_answer() throws Exception {
        try (KafkaCluster kafka = KafkaCluster.start(directory.resolve("kafka"), 3, Map.of())) {
            EventLogSettings settings = settings(kafka.bootstrapServers());
            KafkaClients accepting = new KafkaClients(settings);
            try (Admin admin = accepting.admin("test");
                    Register register = Register.open(new RegisterSettings(
                            "jdbc:sqlite:" + directory.resolve("register.db"), Optional.empty(), Optional.empty()));
                    EventPublisher publisher = new EventPublisher(accepting, CODEC, "/test", InstantSource.system())) {
                String log = await().atMost(LIMIT)
                        .ignoreExceptions()
                        .until(() -> new TopicProvisioner(admin, settings).provision(), id -> !id.isEmpty());
                accepting.acknowledged().keepBeside(directory.resolve("custody.slots"), log);
                UUID before = Events.signupId();
                await().atMost(LIMIT).until(() -> accepted(publisher, before));
                try (Projecting projector = Projecting.start(accepting, CODEC, register)) {
                    await().atMost(LIMIT)
                            .ignoreExceptions()
                            .until(() -> passed(projector, Duration.ofSeconds(10))
                                    .thenApply(passed -> true)
                                    .join());
                }
                int leader = leader(admin).orElseThrow();
                UUID since = Events.signupId();
                signal("STOP", kafka.broker(leader).pid());
                List<CompletableFuture<Boolean>> answers = new ArrayList<>();
                // A process that starts now and knows only the suspended broker.
                KafkaClients asked =
                        new KafkaClients(settings(kafka.broker(leader).bootstrapServers()));
                asked.acknowledged().keepBeside(directory.resolve("custody.slots"), log);
                try {
                    await().atMost(LIMIT).until(() -> accepted(publisher, since));
                    try (Projecting projector = Projecting.start(asked, CODEC, register)) {
                        ask(projector, register, since, answers);
                        signal("CONT", kafka.broker(leader).pid());
                        await().atMost(LIMIT)
                                .pollDelay(Duration.ZERO)
                                .pollInterval(Duration.ofMillis(5))
                                .until(() -> {
                                    ask(projector, register, since, answers);
                                    return answers.size() > 200
                                            && answers.stream().anyMatch(StoppedLeaderIT::succeeded);
                                });
                        assertThat(answered(answers)).isPositive();
                    }
                } finally {
                    signal("CONT", kafka.broker(leader).pid());
                }
            }
        }
    }

    private static boolean succeeded(CompletableFuture<?> answer) {
        return answer.isDone() && !answer.isCompletedExceptionally();
    }

    private static int answered(List<CompletableFuture<Boolean>> answers) throws Exception {
        int answered = 0;
        for (CompletableFuture<Boolean> answer : answers) {
            try {
                assertThat(answer.get(2, TimeUnit.MINUTES))
                        .as("whether a signup is found that was accepted before the question")
                        .isTrue();
                answered++;
            } catch (ExecutionException behind) {
                assertThat(behind).hasCauseInstanceOf(RegisterBehind.class);
            }
        }
        return answered;
    }

    private static EventLogSettings settings(String bootstrapServers) {
        return new EventLogSettings(bootstrapServers, Map.of(), PREFIX, PARTITIONS, 3, Duration.ofHours(1));
    }

    private static void ask(
            Projecting projector, Register register, UUID id, List<CompletableFuture<Boolean>> answers) {
        answers.add(passed(projector, Duration.ofSeconds(10))
                .thenApplyAsync(
                        passed -> register.past(passed, view -> view.status(id).isPresent())));
    }

    private static CompletableFuture<PassedEnds> passed(Projecting projector, Duration limit) {
        return projector.passed(List.of(Topic.CONSENTS), 0, limit).toCompletableFuture();
    }

    /** As a website does: retries until it is confirmed. A repeat is the same event. */
    private static boolean accepted(EventPublisher publisher, UUID id) throws InterruptedException {
        try {
            publisher
                    .publish(Topic.CONSENTS, id, Events.granted(id))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static Optional<Integer> leader(Admin admin) throws Exception {
        String topic = Topic.CONSENTS.name(PREFIX);
        return Optional.ofNullable(Objects.requireNonNull(admin.describeTopics(List.of(topic))
                                .allTopicNames()
                                .get(30, TimeUnit.SECONDS)
                                .get(topic))
                        .partitions()
                        .get(0)
                        .leader())
                .map(node -> node.id());
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
