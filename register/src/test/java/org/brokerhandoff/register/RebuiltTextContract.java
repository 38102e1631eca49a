package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The text of a register that is rebuilt, with any database. */
@Execution(ExecutionMode.CONCURRENT)
abstract class RebuiltTextContract extends DatabaseContract {
    @Test
    void tables_of_the_first_version_are_projected_anew() throws Exception {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog()) {
            log.publishDelivered(20);
            try (Register register = Register.open(settings);
                    Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
            }
            backToTheFirstVersion(settings);
            try (Register register = Register.open(settings);
                    Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
                assertThat(export(register)).isEqualTo(rebuilt(log)).contains("\nassignment\t");
            }
        }
    }

    private static void backToTheFirstVersion(RegisterSettings settings) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        settings.url(),
                        settings.user().orElse(null),
                        settings.password().orElse(null));
                Statement statement = connection.createStatement()) {
            for (String table : List.of(
                    "assignment",
                    "released_assignment",
                    "undecided_attempt",
                    "notice",
                    "notice_in_progress",
                    "rights_request",
                    "cookie_choice",
                    "disclosure_request",
                    "disclosure_question")) {
                statement.executeUpdate("DROP TABLE " + table);
            }
            statement.executeUpdate("ALTER TABLE signup DROP COLUMN owner");
            statement.executeUpdate("ALTER TABLE signup DROP COLUMN declared_age");
            statement.executeUpdate("ALTER TABLE refusal DROP COLUMN attempt");
            for (String column : List.of("cookie_policy", "contact", "role")) {
                statement.executeUpdate("ALTER TABLE broker DROP COLUMN " + column);
            }
            // Its columns do not matter: all its rows are deleted, and then it is recreated.
            statement.executeUpdate("DROP TABLE policy");
            statement.executeUpdate("CREATE TABLE policy (version INTEGER)");
            statement.executeUpdate("DROP INDEX signup_unpurged");
            statement.executeUpdate("DELETE FROM register_schema_history WHERE version <> '1'");
        }
    }

    @Test
    void a_rebuilt_register_has_the_same_text() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            log.publishDelivered(200);
            log.publishTo(Topic.CONSENTS, 0, Events.policy("2026-11-01", "text", Events.NOON))
                    .join();
            log.publishTo(Topic.HANDOFFS, 0, Events.directory(Events.NOON, "fjord-markets", "Fjord"))
                    .join();
            UUID withdrawn = Events.signupId();
            log.publish(Topic.CONSENTS, withdrawn, Events.withdrawn(withdrawn)).join();
            for (SpecificRecord event : List.of(
                    Events.assigned(withdrawn, "fjord-markets", 0),
                    Events.released(withdrawn, "fjord-markets"),
                    Events.sent(withdrawn, "fjord-markets", 1, NoticeOutcome.FAILED),
                    Events.escalated(withdrawn, "fjord-markets", EscalationReason.SILENT),
                    Events.confirmed(withdrawn, "fjord-markets", Events.NOON))) {
                log.publish(Topic.HANDOFFS, withdrawn, event).join();
            }
            TestLog.awaitAll(projector);
            register.ended(List.of(NoticeCause.withdrawal(withdrawn)));
            String projected = export(register);

            List<Long> progress = Collections.synchronizedList(new ArrayList<>());
            RegisterRebuild.Result result =
                    RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> progress.add(done));

            assertThat(result).isEqualTo(new RegisterRebuild.Result(1_008, 0));
            assertThat(progress).last().isEqualTo(1_008L);
            assertThat(export(register)).isEqualTo(projected).isEqualTo(rebuilt(log));
            // Progress is not a fact: ended ones are examined again.
            assertThat(register.noticesInProgress()).isNotEmpty();

            // The projector finds its positions unchanged, or moves to the current ones.
            log.publishDelivered(20);
            TestLog.awaitAll(projector);
            assertThat(export(register)).isEqualTo(rebuilt(log));
        }
    }

    @Test
    void a_rebuild_during_projection_neither_loses_nor_doubles_events() throws Exception {
        ExecutorService publishing = Executors.newSingleThreadExecutor();
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            log.publishDelivered(100);
            TestLog.awaitAll(projector);
            Future<?> published = publishing.submit(() -> log.publishDelivered(3_000));
            for (int i = 0; i < 3; i++) {
                RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});
            }
            published.get(60, TimeUnit.SECONDS);
            TestLog.awaitAll(projector);

            assertThat(export(register)).isEqualTo(rebuilt(log));
        } finally {
            publishing.shutdownNow();
        }
    }

    @Test
    void a_rebuild_that_fails_leaves_the_rows_as_they_were() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty())) {
            log.publishDelivered(10);
            RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});
            String before = export(register);
            log.publishDelivered(10);

            assertThatThrownBy(() -> RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {
                        throw new IllegalStateException("stopped");
                    }))
                    .hasMessage("stopped");

            assertThat(export(register)).isEqualTo(before);
        }
    }

    @Test
    void the_command_line_rebuilds_and_exports(@TempDir Path directory) {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog()) {
            log.publishDelivered(10);
            Map<String, String> environment = new HashMap<>(Map.of(
                    "HANDOFF_KAFKA_BOOTSTRAP_SERVERS", log.clients.settings().bootstrapServers(),
                    "HANDOFF_TOPIC_PREFIX", log.clients.settings().topicPrefix(),
                    "HANDOFF_PARTITIONS", String.valueOf(TestLog.PARTITIONS),
                    "HANDOFF_REGISTER_URL", settings.url(),
                    "HANDOFF_API_KEYS_FILE", "unused",
                    "HANDOFF_BROKERS_FILE", "unused"));
            settings.user().ifPresent(user -> environment.put("HANDOFF_REGISTER_USER", user));
            settings.password().ifPresent(password -> {
                Path file = directory.resolve("password");
                assertThatCode(() -> {
                            Files.writeString(file, password + "\n");
                            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                        })
                        .doesNotThrowAnyException();
                environment.put("HANDOFF_REGISTER_PASSWORD_FILE", file.toString());
            });

            assertThat(RegisterMain.commandLine(environment).execute("rebuild")).isZero();
            Path output = directory.resolve("register.txt");
            assertThat(RegisterMain.commandLine(environment).execute("export", "--output", output.toString()))
                    .isZero();
            assertThat(output).hasContent(rebuilt(log));

            log.append(Topic.CONSENTS, 0, new byte[] {1});
            assertThat(RegisterMain.commandLine(environment).execute("rebuild")).isEqualTo(1);
        }
    }
}
