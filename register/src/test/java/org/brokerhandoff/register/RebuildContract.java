package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A rebuild beside a serving register, and the remains of an aborted one, with any database. */
abstract class RebuildContract extends DatabaseContract {
    /** More events than go into two transactions of a rebuild. */
    private static final int SIGNUPS = Boolean.getBoolean("handoff.test.long") ? 2_400 : 1_200;

    @Test
    void while_a_register_is_rebuilt_events_are_projected_and_questions_answered() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            log.publishDelivered(SIGNUPS);
            TestLog.awaitAll(projector);
            List<UUID> taken = new ArrayList<>();

            RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {
                UUID id = Events.signupId();
                log.publish(Topic.CONSENTS, id, Events.granted(id)).join();
                projector
                        .passed(
                                List.of(Topic.CONSENTS),
                                EventPartitions.of(id, TestLog.PARTITIONS),
                                Duration.ofSeconds(20))
                        .toCompletableFuture()
                        .join();
                assertThat(register.status(id)).isPresent();
                taken.add(id);
            });

            assertThat(taken).hasSizeGreaterThan(2);
            for (UUID id : taken) {
                assertThat(register.status(id)).as("also after the exchange").isPresent();
            }
            log.publishDelivered(20);
            TestLog.awaitAll(projector);
            assertThat(export(register)).isEqualTo(rebuilt(log));
            assertThat(projector.health()).isInstanceOf(RegisterHealth.Following.class);
        }
    }

    @Test
    void the_exchange_takes_no_position_back() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            log.publishDelivered(100);
            TestLog.awaitAll(projector);
            for (int round = 0; round < 3; round++) {
                List<SortedMap<LogPartition, Long>> seen = new ArrayList<>();
                RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {
                    log.publishDelivered(10);
                    TestLog.awaitAll(projector);
                    seen.add(register.positions());
                });
                SortedMap<LogPartition, Long> after = register.positions();
                seen.get(seen.size() - 1)
                        .forEach((partition, position) ->
                                assertThat(after.getOrDefault(partition, 0L)).isGreaterThanOrEqualTo(position));
            }
            assertThat(export(register)).isEqualTo(rebuilt(log));
        }
    }

    @Tag("faults")
    @Test
    void a_rebuild_that_is_killed_leaves_the_register_as_it_was_and_the_next_one_starts_afresh() throws Exception {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog();
                Register register = Register.open(settings)) {
            log.publishDelivered(SIGNUPS);
            RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});
            log.publishDelivered(SIGNUPS);
            String before = export(register);
            for (long events : new long[] {1, SIGNUPS * 5L / 2, SIGNUPS * 5L}) {
                Process process = RebuildingProcess.fork(log.clients.settings(), settings);
                try {
                    await().atMost(Duration.ofSeconds(60))
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> !process.isAlive() || writtenBeside(settings) >= events);
                    assertThat(process.isAlive()).as("killed in the middle").isTrue();
                } finally {
                    process.destroyForcibly().waitFor();
                }
                assertThat(export(register)).isEqualTo(before);
            }
            // Projection into it continues as if nothing had happened.
            try (Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
                assertThat(export(register)).isEqualTo(rebuilt(log));
                RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});
                assertThat(export(register)).isEqualTo(rebuilt(log));
            }
            assertThat(writtenBeside(settings)).as("nothing stays beside").isNegative();
        }
    }

    @Test
    void a_rebuild_by_an_older_version_stops_at_what_it_does_not_know_and_the_register_stays() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty())) {
            log.publishDelivered(10);
            RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});
            log.publishDelivered(10);
            String before = export(register);
            assertThatThrownBy(() -> RegisterRebuild.run(
                            log.clients, EventCodec.olderThan(Delivered.class), register, (done, total) -> {}))
                    .isInstanceOf(UnknownSchema.class)
                    .hasMessageContaining("upgrade this service");
            assertThat(export(register)).isEqualTo(before);
            // After the upgrade.
            RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});
            assertThat(export(register)).isEqualTo(rebuilt(log)).isNotEqualTo(before);
        }
    }

    @Test
    void of_two_rebuilds_at_once_the_earlier_fails_and_the_register_is_right() {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog();
                Register register = Register.open(settings);
                Register other = Register.open(settings)) {
            log.publishDelivered(SIGNUPS);
            AtomicInteger begun = new AtomicInteger();
            assertThatThrownBy(() -> RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {
                        if (begun.getAndIncrement() == 0) {
                            RegisterRebuild.run(log.clients, log.codec, other, (more, of) -> {});
                        }
                    }))
                    .isInstanceOf(RegisterUnavailable.class);
            assertThat(export(register)).isEqualTo(rebuilt(log));
        }
    }

    /** Events that a rebuild has written; -1 while there are none. */
    private static long writtenBeside(RegisterSettings settings) {
        try (Connection connection = DriverManager.getConnection(
                        settings.url(),
                        settings.user().orElse(null),
                        settings.password().orElse(null));
                Statement statement = connection.createStatement();
                ResultSet sum =
                        statement.executeQuery("SELECT COALESCE(SUM(next_offset), -1) FROM next_projected_position")) {
            return sum.next() ? sum.getLong(1) : -1;
        } catch (SQLException e) {
            return -1;
        }
    }
}
