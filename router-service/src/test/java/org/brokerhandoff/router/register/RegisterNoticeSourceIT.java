package org.brokerhandoff.router.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.register.RegisterSettings;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.notify.NoticeSource;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the router reads of withdrawals while the register lags behind the log. */
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
                    .publish(Topic.CONSENTS, signup, Examples.withdrawnAfterOffer(signup))
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
        try (RegisterNoticeSource source = new RegisterNoticeSource(clients, codec, settings, partition -> true)) {
            // Nobody projects yet: it takes the source longer to stand in than to answer.
            NoticeSource.Reading first = source.read();
            assertThat(first.withdrawals()).isEmpty();
            assertThat(first.behind()).containsExactly(source.partition(signup));
            assertThat(first.waited()).isPositive();

            await().atMost(LIMIT).until(() -> source.read().behind().isEmpty());
            assertThat(source.read().withdrawals())
                    .extracting(NoticeSource.OpenWithdrawal::signupId)
                    .containsExactly(signup);
        }
    }
}
