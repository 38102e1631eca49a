package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.country.file.CountryRulesWatch;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.PurgeHistory;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.service.Custodies;
import org.brokerhandoff.custody.service.ServiceCustody;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.PurgedSlots;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.ingest.policy.Policies;
import org.brokerhandoff.ingest.policy.TextStore;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.preflight.CustodyExamination;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start waits for, with a real log and a real slot file. */
class PreparationIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void a_purge_that_a_newer_router_recorded_is_named_by_health_and_no_key_is_served_before_it_can_be_read() {
        Installation installation = Installation.in(
                directory,
                TestKafka.shared().bootstrapServers(),
                TestKafka.shared().randomTopicPrefix());
        EventLogSettings settings = installation.settings().eventLog();
        KafkaClients clients = new KafkaClients(settings);
        UUID purged = UUID.randomUUID();
        UUID held = UUID.randomUUID();
        HoldOutcome.Held purgedSlot;
        HoldOutcome.Held heldSlot;
        try (SlotFile custody = installation.custody()) {
            purgedSlot = hold(custody, purged);
            heldSlot = hold(custody, held);
        }
        EventCodec current = new EventCodec();
        AtomicReference<EventCodec> known = new AtomicReference<>(EventCodec.olderThan(Purged.class));
        try (Admin admin = clients.admin("test-admin");
                EventPublisher publisher = new EventPublisher(clients, current, "/test", InstantSource.system());
                // Like a backup that restores both keys.
                ServiceCustody restored = Custodies.open(
                        installation.custodySettings(),
                        directory.resolve("custody.keyset"),
                        Optional.empty(),
                        InstantSource.system())) {
            new TopicProvisioner(admin, settings).provision();
            publisher
                    .publish(Topic.PURGES, purged, purged(purged, purgedSlot))
                    .toCompletableFuture()
                    .join();
            CustodyExamination examination = CustodyExamination.atStart(
                    ServiceName.INGEST,
                    restored.keys(),
                    directory.resolve("custody.slots"),
                    directory.resolve("custody.keyset"),
                    Instant.now());
            PurgeHistory purges = (signups, mark, handler) -> PurgedSlots.since(
                    clients,
                    Objects.requireNonNull(known.get()),
                    "test-purges",
                    signups,
                    mark,
                    new PurgedSlots.Handler(
                            handler::purged,
                            (signupId, reason) -> handler.ended(signupId, EraseReason.valueOf(reason.name())),
                            handler::erasureRequested,
                            handler::restricted));
            Policies policies =
                    new Policies(limit -> List.of(), new NoTexts(), policy -> true, publisher, Runnable::run);
            try (Preparation preparation = Preparation.start(
                    admin, settings, publisher, incarnation -> {}, restored, purges, examination.event())) {
                CountryRulesWatch countries = new CountryRulesWatch(
                        Optional.empty(),
                        rules -> publisher.publishTo(Topic.CONSENTS, 0, rules.published(Instant.now(), current)));
                preparation.follow(policies, countries);
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(
                                        preparation.health(policies, countries).toString())
                                .contains("custody-unchecked", "purges-", "@0 has schema", "upgrade this service"));
                assertThat(restored.serving()).isFalse();
                assertThatThrownBy(() -> awaited(restored.keys().key(heldSlot.slot(), held)))
                        .hasMessageContaining("keys are not served");

                known.set(current);
                await().atMost(LIMIT)
                        .until(() -> preparation.health(policies, countries).equals(Health.healthy()));
                assertThat(awaited(restored.keys().key(purgedSlot.slot(), purged)))
                        .isEmpty();
                assertThat(awaited(restored.keys().key(heldSlot.slot(), held))).isPresent();
            }
        }
    }

    private static HoldOutcome.Held hold(SlotFile custody, UUID signup) {
        return (HoldOutcome.Held) custody.hold(signup, Instant.now().plusSeconds(600))
                .toCompletableFuture()
                .join();
    }

    private static Purged purged(UUID signup, HoldOutcome.Held held) {
        return Purged.newBuilder()
                .setSignupId(SignupIds.fixed(signup))
                .setReason(PurgeReason.DELIVERED)
                .setLevel(PurgeLevel.UNREADABLE)
                .setEraseBy(Instant.now())
                .setKeyErasedAt(Instant.now())
                .setReadBack(ReadBack.MAPPED)
                .setSlot(held.slot().slot())
                .setGeneration(held.slot().generation())
                .setPurgedAt(Instant.now())
                .build();
    }

    private static final class NoTexts implements TextStore {
        @Override
        public void keep(String sha256, byte[] text, Duration limit) {
            throw new IllegalStateException("nothing is published here");
        }

        @Override
        public Optional<byte[]> find(String sha256, Duration limit) {
            return Optional.empty();
        }
    }
}
