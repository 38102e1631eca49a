package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Projection of the log, with any database. */
@Execution(ExecutionMode.CONCURRENT)
abstract class ProjectionContract extends DatabaseContract {
    @Test
    void a_batch_read_from_a_position_that_has_moved_is_not_written_at_all() {
        try (Register register = Register.open(empty())) {
            LogPartition first = new LogPartition(Topic.CONSENTS, 0);
            LogPartition second = new LogPartition(Topic.HANDOFFS, 0);
            register.claim(new LogSource("cluster", ""), List.of(first, second));
            applyAt(register, first, 0, 10, new EventBatch());
            UUID id = Events.signupId();
            EventBatch batch = new EventBatch();
            batch.add(Topic.CONSENTS, new Decoded.Event(Events.granted(id)));
            SortedMap<LogPartition, RegisterWriter.Step> steps =
                    new TreeMap<>(Map.of(first, new RegisterWriter.Step(0, 11), second, new RegisterWriter.Step(0, 5)));

            assertThatThrownBy(() -> register.apply(batch, steps)).isInstanceOf(PositionMoved.class);

            assertThat(register.status(id)).isEmpty();
            assertThat(register.position(Topic.CONSENTS, 0)).isEqualTo(10);
            assertThat(register.position(Topic.HANDOFFS, 0)).isZero();
        }
    }

    @Test
    void what_is_published_is_projected_and_a_restart_goes_on_from_there() throws Exception {
        RegisterSettings settings = empty();
        UUID first = Events.signupId();
        UUID second = Events.signupId();
        try (TestLog log = new TestLog()) {
            try (Register register = Register.open(settings);
                    Projecting projector = log.project(register)) {
                log.publish(Topic.CONSENTS, first, Events.granted(first)).get();
                log.publish(Topic.HANDOFFS, first, Events.assigned(first, "nordlys-invest", 0))
                        .get();
                log.publishTo(Topic.CONSENTS, 1, Events.policy("2026-11-01", "text", Events.NOON))
                        .get();
                TestLog.awaitAll(projector);
                assertThat(register.status(first))
                        .get()
                        .extracting(SignupStatus::state)
                        .isEqualTo(SignupState.ASSIGNED);
                assertThat(register.policies()).hasSize(1);
                assertThat(projector.projectedEvents()).isEqualTo(3);
                assertThat(projector.health()).isInstanceOf(RegisterHealth.Following.class);
            }
            log.publish(Topic.HANDOFFS, first, Events.delivered(first, "nordlys-invest"))
                    .get();
            log.publish(Topic.CONSENTS, second, Events.granted(second)).get();
            try (Register register = Register.open(settings);
                    Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
                assertThat(register.status(first))
                        .get()
                        .extracting(SignupStatus::state)
                        .isEqualTo(SignupState.DELIVERED);
                assertThat(register.status(second))
                        .get()
                        .extracting(SignupStatus::state)
                        .isEqualTo(SignupState.RECEIVED);
                assertThat(projector.projectedEvents()).isEqualTo(2);
                assertThat(register.position(Topic.HANDOFFS, log.partition(first)))
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void what_cannot_be_read_is_passed_over() throws Exception {
        UUID id = Events.signupId();
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            int partition = log.partition(id);
            log.append(Topic.CONSENTS, partition, new byte[] {1, 2, 3});
            log.append(Topic.CONSENTS, partition, log.codec.encode(Events.purged(id, PurgeReason.EXPIRED)));
            log.publish(Topic.CONSENTS, id, Events.granted(id)).get();
            TestLog.awaitAll(projector);

            assertThat(register.status(id)).isPresent();
            assertThat(projector.unreadableEvents()).isEqualTo(2);
        }
    }

    @Test
    void an_event_of_an_unknown_schema_stops_its_partition_and_no_other() throws Exception {
        UUID behind = Events.signupId();
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            UUID elsewhere = Events.signupId();
            while (log.partition(elsewhere) == log.partition(behind)) {
                elsewhere = Events.signupId();
            }
            byte[] newer = {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9};
            log.append(Topic.CONSENTS, log.partition(behind), newer);
            log.publish(Topic.CONSENTS, behind, Events.granted(behind)).get();
            log.publish(Topic.CONSENTS, elsewhere, Events.granted(elsewhere)).get();

            UUID followed = elsewhere;
            await().atMost(1, TimeUnit.MINUTES).untilAsserted(() -> {
                assertThat(register.status(followed)).isPresent();
                assertThat(projector.health())
                        .isInstanceOfSatisfying(
                                RegisterHealth.Interrupted.class,
                                interrupted ->
                                        assertThat(interrupted.toString()).contains("upgrade this service"));
            });
            // Continuing without it would mean answering by less than what is recorded.
            assertThat(register.status(behind)).isEmpty();
            assertThat(projector.unreadableEvents()).isZero();
        }
    }

    @Test
    void a_process_takes_over_what_another_leaves() throws Exception {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog();
                Register one = Register.open(settings);
                Register two = Register.open(settings);
                Projecting staying = log.project(one)) {
            try (Projecting leaving = log.project(two)) {
                log.publishDelivered(50);
                TestLog.awaitAll(staying);
                TestLog.awaitAll(leaving);
            }
            log.publishDelivered(50);
            TestLog.awaitAll(staying);

            assertThat(export(one)).isEqualTo(rebuilt(log));
        }
    }

    @Test
    void a_register_of_another_log_is_not_written_to() {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog();
                Register register = Register.open(settings)) {
            register.claim(new LogSource("another-cluster", ""), List.of());
            String before = export(register);
            try (Projecting projector = log.project(register)) {
                log.publishDelivered(3);
                await().atMost(1, TimeUnit.MINUTES)
                        .untilAsserted(() -> assertThat(projector.health())
                                .isInstanceOfSatisfying(
                                        RegisterHealth.Interrupted.class,
                                        health -> assertThat(health.reason()).contains("another Kafka cluster")));
                assertThat(export(register)).isEqualTo(before);
                assertThat(projector.projector().ours()).isEmpty();

                RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});

                await().atMost(1, TimeUnit.MINUTES)
                        .untilAsserted(
                                () -> assertThat(projector.health()).isInstanceOf(RegisterHealth.Following.class));
            }
        }
    }

    @Test
    void a_reader_is_told_that_nothing_is_projected_and_that_a_register_stays_behind() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                FreshRegister asked = FreshRegister.of(log.clients, register)) {
            log.publishDelivered(3);
            await().atMost(1, TimeUnit.MINUTES)
                    .untilAsserted(() -> assertThat(asked.health()).isInstanceOf(RegisterHealth.Starting.class));
            try (Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
            }
            await().atMost(1, TimeUnit.MINUTES)
                    .untilAsserted(() -> assertThat(asked.health()).isEqualTo(new RegisterHealth.Following(0)));

            log.publishDelivered(3);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(asked.health())
                            .isInstanceOfSatisfying(
                                    RegisterHealth.Behind.class,
                                    health -> assertThat(health.eventsBehind()).isEqualTo(15)));
        }
    }

    @Test
    void a_log_that_has_lost_events_is_noticed() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty())) {
            log.publishDelivered(10);
            RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});
            long position = register.position(Topic.CONSENTS, 0);
            applyAt(register, new LogPartition(Topic.CONSENTS, 0), position, position + 1, new EventBatch());
            try (Projecting projector = log.project(register)) {
                await().atMost(1, TimeUnit.MINUTES)
                        .untilAsserted(() -> assertThat(projector.health())
                                .isInstanceOfSatisfying(
                                        RegisterHealth.Interrupted.class,
                                        health -> assertThat(health.reason()).contains("not in the log")));
            }
        }
    }

    @Tag("faults")
    @Test
    void a_process_killed_while_it_projects_neither_loses_nor_doubles_events() throws Exception {
        RegisterSettings settings = empty();
        int signups = Boolean.getBoolean("handoff.test.long") ? 12_000 : 4_000;
        try (TestLog log = new TestLog();
                Register register = Register.open(settings)) {
            log.publishDelivered(signups);
            for (double share : new double[] {0.05, 0.3, 0.6}) {
                Process process = ProjectingProcess.fork(log.clients.settings(), settings);
                try {
                    await().atMost(Duration.ofSeconds(60))
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> !process.isAlive() || projected(register) > share * 5 * signups);
                    assertThat(process.isAlive()).isTrue();
                } finally {
                    process.destroyForcibly().waitFor();
                }
                assertThat(projected(register)).isLessThan(5L * signups);
            }
            try (Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
            }

            assertThat(projected(register)).isEqualTo(5L * signups);
            assertThat(export(register)).isEqualTo(rebuilt(log));
        }
    }
}
