package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Questions about what has been acknowledged, with any database. */
@Execution(ExecutionMode.CONCURRENT)
abstract class AnswersContract extends DatabaseContract {
    @Test
    void an_acknowledged_event_is_in_the_answer_of_every_process() throws Exception {
        RegisterSettings settings = empty();
        int threads = 6;
        ExecutorService askers = Executors.newFixedThreadPool(threads);
        try (TestLog log = new TestLog();
                Register one = Register.open(settings);
                Register two = Register.open(settings);
                Projecting first = log.project(one);
                Projecting second = log.project(two)) {
            List<Future<?>> asking = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                Projecting projector = thread % 2 == 0 ? first : second;
                Register register = thread % 2 == 0 ? one : two;
                asking.add(askers.submit(() -> {
                    for (int i = 0; i < 30; i++) {
                        UUID id = Events.signupId();
                        log.publish(Topic.CONSENTS, id, Events.granted(id)).join();
                        caughtUp(projector, Topic.CONSENTS, log.partition(id));
                        assertThat(register.status(id)).isPresent();

                        log.publish(Topic.CONSENTS, id, Events.withdrawn(id)).join();
                        caughtUp(projector, Topic.CONSENTS, log.partition(id));
                        assertThat(register.status(id))
                                .get()
                                .extracting(SignupStatus::state)
                                .isEqualTo(SignupState.WITHDRAWN);
                    }
                }));
            }
            for (Future<?> each : asking) {
                each.get(120, TimeUnit.SECONDS);
            }
            await().atMost(1, TimeUnit.MINUTES)
                    .untilAsserted(() -> assertThat(first.projectedEvents() + second.projectedEvents())
                            .isEqualTo(threads * 60L));
        } finally {
            askers.shutdownNow();
        }
    }

    @Test
    void what_a_register_lacks_that_was_emptied_since_it_caught_up_is_not_called_missing() throws Exception {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog();
                Register register = Register.open(settings)) {
            UUID id = Events.signupId();
            log.publish(Topic.CONSENTS, id, Events.granted(id)).join();
            PassedEnds passed;
            try (Projecting projector = log.project(register)) {
                passed = projector
                        .passed(List.of(Topic.CONSENTS), log.partition(id), TestLog.LIMIT)
                        .toCompletableFuture()
                        .join();
                assertThat(has(register, passed, id)).isTrue();
                assertThat(has(register, passed, Events.signupId())).isFalse();
            }
            // Like the start of an upgraded process.
            try (Connection connection = DriverManager.getConnection(
                            settings.url(),
                            settings.user().orElse(null),
                            settings.password().orElse(null));
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM signup");
                statement.executeUpdate("UPDATE projected_position SET next_offset = 0");
            }
            assertThatThrownBy(() -> register.past(passed, view -> view.status(id)))
                    .isInstanceOf(RegisterBehind.class);
            assertThatThrownBy(() -> register.past(passed, view -> view.purged(id)))
                    .isInstanceOf(RegisterBehind.class);
            assertThatThrownBy(() -> register.past(passed, RegisterView::policies))
                    .isInstanceOf(RegisterBehind.class);
            assertThatThrownBy(() -> register.past(passed, RegisterView::brokers))
                    .isInstanceOf(RegisterBehind.class);
            try (Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
                assertThat(has(register, passed, id)).isTrue();
            }
        }
    }

    @Test
    void a_question_waits_for_what_was_acknowledged_though_the_end_that_kafka_tells_is_before_it(
            @TempDir Path directory) {
        try (TestLog log = new TestLog();
                TestLog ahead = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            UUID id = Events.signupId();
            int partition = log.partition(id);
            // As if another process of the host knew of an acknowledged event that the broker does not: a longer log.
            for (TestLog each : List.of(log, ahead)) {
                each.clients.acknowledged().keepBeside(directory.resolve("custody.slots"), "one");
            }
            log.publish(Topic.CONSENTS, id, Events.granted(id)).join();
            TestLog.awaitAll(projector);
            ahead.publish(Topic.CONSENTS, id, Events.granted(id)).join();
            ahead.publish(Topic.CONSENTS, id, Events.withdrawn(id)).join();

            assertThatThrownBy(projector
                            .passed(List.of(Topic.CONSENTS), partition, Duration.ofMillis(500))
                            .toCompletableFuture()::join)
                    .hasCauseInstanceOf(RegisterBehind.class);
            // Others of the same topic continue.
            caughtUp(projector, Topic.CONSENTS, (partition + 1) % TestLog.PARTITIONS);
            log.publish(Topic.CONSENTS, id, Events.withdrawn(id)).join();
            caughtUp(projector, Topic.CONSENTS, partition);
        }
    }

    @Test
    void a_question_that_cannot_be_answered_in_time_fails() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty())) {
            KafkaClients nowhere = new KafkaClients(new EventLogSettings(
                    "127.0.0.1:1",
                    Map.of(),
                    log.clients.settings().topicPrefix(),
                    TestLog.PARTITIONS,
                    1,
                    Duration.ofHours(1)));
            try (Projecting projector = Projecting.start(nowhere, log.codec, register)) {
                CompletableFuture<PassedEnds> answer = projector
                        .passed(List.of(Topic.CONSENTS), 0, Duration.ofMillis(300))
                        .toCompletableFuture();

                assertThatThrownBy(answer::join)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(RegisterBehind.class);
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(
                                () -> assertThat(projector.health()).isInstanceOf(RegisterHealth.Interrupted.class));
            }
        }
    }

    @Test
    void questions_about_what_is_not_projected_are_refused() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            assertThatThrownBy(() -> projector.passed(List.of(Topic.SIGNUPS), 0, Duration.ofSeconds(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(
                            () -> projector.passed(List.of(Topic.CONSENTS), TestLog.PARTITIONS, Duration.ofSeconds(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_register_of_another_log_answers_nothing_about_this_one_however_far_it_is() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                FreshRegister asked = FreshRegister.of(log.clients, register)) {
            UUID id = Events.signupId();
            log.publish(Topic.CONSENTS, id, Events.granted(id)).join();
            LogPartition partition = new LogPartition(Topic.CONSENTS, log.partition(id));
            register.claim(new LogSource("another-cluster", ""), List.of(partition));
            applyAt(register, partition, 0, 1_000, new EventBatch());

            assertThatThrownBy(asked.passed(List.of(Topic.CONSENTS), partition.partition(), Duration.ofSeconds(1))
                            .toCompletableFuture()::join)
                    .hasCauseInstanceOf(RegisterBehind.class);
            await().atMost(1, TimeUnit.MINUTES)
                    .untilAsserted(() -> assertThat(asked.health())
                            .isInstanceOfSatisfying(
                                    RegisterHealth.Interrupted.class,
                                    health -> assertThat(health.reason()).contains("another Kafka cluster")));
        }
    }

    private static boolean has(Register register, PassedEnds passed, UUID id) {
        return register.past(passed, view -> view.status(id).isPresent());
    }

    private static void caughtUp(Projecting projector, Topic topic, int partition) {
        projector
                .passed(List.of(topic), partition, TestLog.LIMIT)
                .toCompletableFuture()
                .join();
    }
}
