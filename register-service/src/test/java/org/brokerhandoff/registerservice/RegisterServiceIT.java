package org.brokerhandoff.registerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.register.SignupState;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.router.directory.InvalidDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The life cycle of a register service: its start, its dependencies, and what continues without them. */
@Execution(ExecutionMode.CONCURRENT)
class RegisterServiceIT {
    @Test
    void one_that_starts_late_catches_up_and_its_directory_is_read_again(@TempDir Path directory) throws Exception {
        try (RegisterFixture fixture = new RegisterFixture(directory);
                ReadRegister register = new ReadRegister(fixture)) {
            UUID told = fixture.delivered();
            UUID nowhere = fixture.delivered("nordlys-invest");
            fixture.withdraw(told);
            fixture.withdraw(nowhere);

            RegisterService service = fixture.start();
            fixture.awaitEvent(told, NoticeConfirmed.class);
            fixture.awaitEvent(nowhere, NoticeEscalated.class);
            assertThat(register.status(told))
                    .get()
                    .extracting(SignupStatus::state)
                    .isEqualTo(SignupState.WITHDRAWN);
            await().atMost(RegisterFixture.LIMIT)
                    .untilAsserted(
                            () -> assertThat(service.health().get(0).check()).isInstanceOf(Health.Healthy.class));

            String yaml = Files.readString(fixture.settings.brokers().file());
            String endpoint = "name: Nordlys Invest AB\n";
            Path next = Files.writeString(
                    directory.resolve("brokers.new"),
                    yaml.replace(endpoint, endpoint + "    notices: " + fixture.fjord.notices() + "\n"));
            Files.move(next, fixture.settings.brokers().file(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            fixture.awaitEvent(nowhere, NoticeConfirmed.class);
        }
    }

    @Test
    void a_rebuild_beside_a_running_service_loses_nothing(@TempDir Path directory) throws Exception {
        try (RegisterFixture fixture = new RegisterFixture(directory);
                ReadRegister register = new ReadRegister(fixture)) {
            fixture.start();
            List<UUID> signups = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 20; i++) {
                    UUID id = fixture.delivered();
                    fixture.withdraw(id);
                    signups.add(id);
                }
                register.rebuild();
            }
            for (UUID id : signups) {
                fixture.awaitEvent(id, NoticeConfirmed.class);
                assertThat(fixture.distinct(id, NoticeConfirmed.class)).hasSize(1);
            }
            assertThat(register.statuses(signups).missing()).isEmpty();
            await().atMost(RegisterFixture.LIMIT)
                    .untilAsserted(() -> assertThat(register.text())
                            .isEqualTo(register.rebuiltText(directory.resolve("anew-" + UUID.randomUUID()))));
        }
    }

    @Test
    void without_kafka_it_starts_waits_and_says_so(@TempDir Path directory) {
        try (RegisterFixture fixture = new RegisterFixture(directory);
                RegisterService service = RegisterService.start(
                        elsewhere(fixture, "127.0.0.1:1", RegisterFixture.PARTITIONS),
                        fixture.vertx,
                        new SimpleMeterRegistry())) {
            assertThat(service.health().get(0).check()).isInstanceOfSatisfying(Health.Unhealthy.class, unhealthy -> {
                assertThat(unhealthy.code()).isEqualTo("register-starting");
                assertThat(unhealthy.detail()).contains("not joined");
            });
            assertThat(service.health().get(3).check()).isInstanceOf(Health.Impaired.class);
        }
    }

    @Test
    void topics_with_another_number_of_partitions_and_a_directory_with_problems_end_the_start(@TempDir Path directory)
            throws Exception {
        try (RegisterFixture fixture = new RegisterFixture(directory)) {
            RegisterServiceSettings other =
                    elsewhere(fixture, fixture.settings.eventLog().bootstrapServers(), RegisterFixture.PARTITIONS + 1);
            assertThatThrownBy(() -> RegisterService.start(other, fixture.vertx, new SimpleMeterRegistry()))
                    .isInstanceOf(IllegalStateException.class);
            Files.writeString(fixture.settings.brokers().file(), "brokers: none");
            assertThatThrownBy(fixture::start).isInstanceOf(InvalidDirectory.class);
        }
    }

    @Test
    void a_process_refuses_settings_that_it_does_not_know_or_that_contradict_each_other(@TempDir Path directory)
            throws Exception {
        try (RegisterFixture fixture = new RegisterFixture(directory)) {
            Map<String, String> wrong = new HashMap<>(fixture.environment());
            wrong.put("HANDOFF_NOTICE_SETTLEAFTER", "PT1S");
            wrong.put("HANDOFF_NOTICE_ESCALATE_AFTER", "PT11M");
            wrong.remove("HANDOFF_BROKERS_FILE");
            Process refused = fixture.fork(RegisterServiceMain.class, wrong);
            assertThat(refused.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(refused.exitValue()).isEqualTo(2);
            assertThat(Files.readString(fixture.output()))
                    .contains("HANDOFF_NOTICE_SETTLEAFTER ", "did you mean HANDOFF_NOTICE_SETTLE_AFTER?")
                    .contains("HANDOFF_NOTICE_ESCALATE_AFTER", "not exceed HANDOFF_NOTICE_LIMIT")
                    .contains("HANDOFF_BROKERS_FILE");
        }
    }

    @Test
    void a_stopped_process_gives_its_partitions_away_and_ends_with_0(@TempDir Path directory) throws Exception {
        try (RegisterFixture fixture = new RegisterFixture(directory)) {
            Process leaving = fixture.fork(RegisterServiceMain.class);
            UUID first = fixture.delivered();
            fixture.withdraw(first);
            fixture.awaitEvent(first, NoticeConfirmed.class);
            leaving.destroy();
            assertThat(leaving.waitFor(60, TimeUnit.SECONDS)).isTrue();
            // The state after SIGTERM, when the hooks have run.
            assertThat(leaving.exitValue()).isIn(0, 143);
            fixture.start();
            UUID second = fixture.delivered();
            fixture.withdraw(second);
            // Earlier than the session timeout of a killed member.
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !fixture.events(second, NoticeConfirmed.class).isEmpty());
        }
    }

    private static RegisterServiceSettings elsewhere(RegisterFixture fixture, String kafka, int partitions) {
        RegisterServiceSettings here = fixture.settings;
        EventLogSettings log = here.eventLog();
        return new RegisterServiceSettings(
                new EventLogSettings(
                        kafka, log.clientProperties(), log.topicPrefix(), partitions, 1, log.maximumHold()),
                here.slotFile(),
                here.register(),
                here.brokers(),
                here.notices(),
                here.httpHost(),
                here.httpPort());
    }
}
