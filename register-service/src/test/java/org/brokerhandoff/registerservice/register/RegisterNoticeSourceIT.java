package org.brokerhandoff.registerservice.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.register.FreshRegister;
import org.brokerhandoff.register.Register;
import org.brokerhandoff.register.RegisterProjector;
import org.brokerhandoff.register.RegisterSettings;
import org.brokerhandoff.registerservice.Facts;
import org.brokerhandoff.registerservice.notify.NoticeSource;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading withdrawals while the register lags behind the log. */
class RegisterNoticeSourceIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final EventCodec codec = new EventCodec();
    private final KafkaClients clients = new KafkaClients(new EventLogSettings(
            TestKafka.shared().bootstrapServers(),
            Map.of(),
            TestKafka.shared().randomTopicPrefix(),
            3,
            1,
            Duration.ofHours(1)));

    private void withdraw(UUID signup) {
        try (EventPublisher publisher = new EventPublisher(clients, codec, "/test", InstantSource.system())) {
            publisher
                    .publish(Topic.CONSENTS, signup, Facts.withdrawn(signup))
                    .toCompletableFuture()
                    .join();
        }
    }

    @Test
    void a_register_without_withdrawals_that_is_behind_does_not_pass_for_nothing_to_do() {
        try (var admin = clients.admin("test-provision")) {
            new TopicProvisioner(admin, clients.settings()).provision();
        }
        UUID signup = UUID.randomUUID();
        withdraw(signup);
        RegisterSettings settings = new RegisterSettings(
                "jdbc:sqlite:" + directory.resolve("register.db"), Optional.empty(), Optional.empty());
        AtomicReference<Optional<Set<Integer>>> ours = new AtomicReference<>(Optional.empty());
        try (Register register = Register.open(settings);
                FreshRegister fresh = FreshRegister.of(clients, register)) {
            RegisterNoticeSource source = new RegisterNoticeSource(fresh, ours::get, 3);
            assertThat(source.read().behind())
                    .as("while it is not settled which partitions are this process's, nothing is known of any")
                    .containsExactlyInAnyOrder(0, 1, 2);
            assertThat(source.ours(source.partition(signup))).isFalse();

            ours.set(Optional.of(Set.of(0, 1, 2)));
            // Nothing is projected yet.
            NoticeSource.Reading first = source.read();
            assertThat(first.causes()).isEmpty();
            assertThat(first.behind()).containsExactly(source.partition(signup));
            assertThat(first.waited()).isPositive();

            try (RegisterProjector projector = RegisterProjector.start(clients, codec, register)) {
                await().atMost(LIMIT).until(() -> source.read().behind().isEmpty());
                assertThat(projector.ours()).contains(Set.of(0, 1, 2));
            }
            assertThat(source.read().causes())
                    .extracting(open -> open.cause().signupId())
                    .containsExactly(signup);
            ours.set(Optional.of(Set.of()));
            assertThat(source.read().causes()).as("another process's").isEmpty();
        }
    }
}
