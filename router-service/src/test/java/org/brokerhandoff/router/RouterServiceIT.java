package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.event.SetAside;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class RouterServiceIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";

    @TempDir
    Path directory;

    private static Purged awaitPurge(RouterFixture fixture, UUID signupId) {
        await().atMost(LIMIT)
                .until(() -> fixture.purges().stream()
                        .anyMatch(purged -> SignupIds.uuid(purged.getSignupId()).equals(signupId)));
        List<Purged> purges = fixture.purges().stream()
                .filter(purged -> SignupIds.uuid(purged.getSignupId()).equals(signupId))
                .toList();
        assertThat(purges).hasSize(1);
        return purges.get(0);
    }

    @Test
    void a_signup_reaches_one_broker_and_ends_in_a_purge_that_is_unreachable() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.startRouter();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");

            Purged purged = awaitPurge(fixture, sent.signupId());

            assertThat(fixture.fjord
                            .books()
                            .account(sent.signupId())
                            .orElseThrow()
                            .accepted())
                    .isEqualTo(1);
            assertThat(fixture.nordlys.books().account(sent.signupId())).isEmpty();
            assertThat(fixture.events(Topic.HANDOFFS, sent.signupId()))
                    .satisfiesExactly(
                            event -> assertThat(event).isInstanceOf(Assigned.class),
                            event -> assertThat(event).isInstanceOf(Delivered.class));
            assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
            assertThat(purged.getReason()).isEqualTo(PurgeReason.DELIVERED);
            assertThat(purged.getOffset()).isEqualTo(sent.position().offset());
            assertThat(purged.getStartOffset()).isGreaterThan(sent.position().offset());
            assertThat(purged.getReplicas()).isEqualTo(purged.getInSyncReplicas());
            assertThat(fixture.examinations()).singleElement().satisfies(examined -> {
                assertThat(examined.getService()).isEqualTo(ServiceName.ROUTER);
                assertThat(examined.getHighestLevel()).isNotEqualTo(PurgeLevel.UNREADABLE);
                assertThat(examined.getExaminedAt()).isBefore(purged.getPurgedAt());
            });
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(fixture.source.slot(sent.slot())).isEmpty());
        }
    }

    @Test
    void a_destroyed_key_opens_nothing_and_the_record_is_served_no_more() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.startRouter();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets");
            awaitPurge(fixture, sent.signupId());
            Optional<DataKey> key = awaited(fixture.source.custody().key(sent.slot(), sent.signupId()));
            assertThat(key).isEmpty();
            try (var consumer = new KafkaClients(fixture.settings.eventLog()).rangeConsumer("test-earliest")) {
                var partition = new org.apache.kafka.common.TopicPartition(
                        Topic.SIGNUPS.name(fixture.settings.eventLog().topicPrefix()),
                        sent.position().partition());
                assertThat(consumer.beginningOffsets(List.of(partition)).get(partition))
                        .isGreaterThan(sent.position().offset());
            }
        }
    }

    @Test
    void a_refusal_leads_to_the_next_broker_and_refusal_by_all_to_undeliverable() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.refusing(Set.of("NO")));
            fixture.startRouter();
            SignupSource.Sent passedOn = fixture.source.send("NO", PERSON, "fjord-markets", "nordlys-invest");
            SignupSource.Sent refused = fixture.source.send("NO", PERSON, "fjord-markets");
            SignupSource.Sent nowhere = fixture.source.send("NO", PERSON, "somebody-else");

            assertThat(awaitPurge(fixture, passedOn.signupId()).getReason()).isEqualTo(PurgeReason.DELIVERED);
            assertThat(awaitPurge(fixture, refused.signupId()).getReason()).isEqualTo(PurgeReason.UNDELIVERABLE);
            assertThat(awaitPurge(fixture, nowhere.signupId()).getReason()).isEqualTo(PurgeReason.UNDELIVERABLE);

            assertThat(fixture.nordlys
                            .books()
                            .account(passedOn.signupId())
                            .orElseThrow()
                            .isAccepted())
                    .isTrue();
            assertThat(fixture.events(Topic.HANDOFFS, passedOn.signupId()))
                    .satisfiesExactly(
                            event -> assertThat(event).isInstanceOf(Assigned.class),
                            event -> assertThat(event).isInstanceOf(Refused.class),
                            event -> assertThat(((Assigned) event).getHop()).isEqualTo(1),
                            event -> assertThat(event).isInstanceOf(Delivered.class));
            assertThat(fixture.events(Topic.HANDOFFS, nowhere.signupId()))
                    .singleElement()
                    .isInstanceOf(Undeliverable.class);
        }
    }

    @Test
    void a_flaky_broker_is_asked_again_with_the_same_idempotency_key() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.flaky(0.5, 1));
            fixture.startRouter();
            Set<UUID> ids = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                ids.add(fixture.source.send("NO", PERSON, "fjord-markets").signupId());
            }
            await().atMost(LIMIT).until(() -> fixture.purges().size() >= 50);
            assertThat(fixture.purges())
                    .allSatisfy(purged -> assertThat(purged.getReason()).isEqualTo(PurgeReason.DELIVERED))
                    .hasSize(50);
            for (UUID id : ids) {
                assertThat(fixture.fjord.books().account(id).orElseThrow().idempotencyKeys())
                        .containsExactly(id.toString());
            }
        }
    }

    @Test
    void a_signup_that_no_broker_answers_expires_and_is_purged_before_its_promise() throws Exception {
        // Three quarters of the time between the key's expiry and the promise are left for two cuts, each verified: 7.5
        // s,
        // on a machine that runs other tests at the same time.
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofSeconds(40))) {
            fixture.fjord.behave(Behaviour.unavailable());
            fixture.startRouter();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets");
            Purged purged = awaitPurge(fixture, sent.signupId());
            assertThat(purged.getReason()).isEqualTo(PurgeReason.EXPIRED);
            assertThat(purged.getPurgedAt()).isBefore(purged.getEraseBy());
            assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
        }
    }

    @Test
    void a_withdrawal_before_the_handoff_ends_without_any_attempt_and_is_recorded() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets");
            fixture.source
                    .custody()
                    .erase(sent.slot(), sent.signupId(), EraseReason.WITHDRAWN)
                    .toCompletableFuture()
                    .join();
            fixture.startRouter();
            assertThat(awaitPurge(fixture, sent.signupId()).getReason()).isEqualTo(PurgeReason.WITHDRAWN);
            assertThat(fixture.fjord.books().account(sent.signupId())).isEmpty();
            // Ingest "died" before it published the withdrawal: the router has done so.
            assertThat(fixture.events(Topic.CONSENTS, sent.signupId()))
                    .singleElement()
                    .satisfies(event -> assertThat(((ConsentWithdrawn) event).getOutcome())
                            .isEqualTo(WithdrawalOutcome.ERASED_BEFORE_HANDOFF));
        }
    }

    @Test
    void a_record_published_twice_is_delivered_and_purged_once() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.startRouter();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets");
            var now = java.time.Instant.now();
            var times = org.brokerhandoff.schemas.HoldTimes.of(now, Duration.ofHours(1));
            fixture.source.publish(
                    sent.signupId(),
                    "NO",
                    List.of("fjord-markets"),
                    times,
                    sent.slot(),
                    now,
                    sent.sealed().bytes());
            awaitPurge(fixture, sent.signupId());
            // and again, after the slot was freed
            await().atMost(LIMIT).until(() -> fixture.source.slot(sent.slot()).isEmpty());
            fixture.source.publish(
                    sent.signupId(),
                    "NO",
                    List.of("fjord-markets"),
                    times,
                    sent.slot(),
                    now,
                    sent.sealed().bytes());
            SignupSource.Sent after = fixture.source.send("NO", PERSON, "fjord-markets");
            awaitPurge(fixture, after.signupId());
            awaitPurge(fixture, sent.signupId());
            assertThat(fixture.fjord
                            .books()
                            .account(sent.signupId())
                            .orElseThrow()
                            .deliveries())
                    .isEqualTo(1);
        }
    }

    @Test
    void a_poison_record_is_set_aside_with_a_reason_and_the_rest_goes_on() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            UUID key = UUID.randomUUID();
            try (var producer = new KafkaClients(fixture.settings.eventLog()).producer("test-poison")) {
                producer.send(new org.apache.kafka.clients.producer.ProducerRecord<>(
                                Topic.SIGNUPS.name(fixture.settings.eventLog().topicPrefix()),
                                SignupIds.bytes(key),
                                new byte[] {1, 2, 3}))
                        .get();
            }
            fixture.startRouter();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets");
            awaitPurge(fixture, sent.signupId());
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(fixture.events(Topic.HANDOFFS))
                            .filteredOn(SetAside.class::isInstance)
                            .singleElement()
                            .satisfies(event ->
                                    assertThat(((SetAside) event).getReason()).isEqualTo(SetAsideReason.UNDECODABLE)));
        }
    }

    @Test
    void a_router_that_starts_finds_the_erased_slots_of_the_one_before_it() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            RouterService first = fixture.startRouter();
            SignupSource.Sent done = fixture.source.send("NO", PERSON, "fjord-markets");
            awaitPurge(fixture, done.signupId());
            first.close();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets");
            fixture.source
                    .custody()
                    .erase(sent.slot(), sent.signupId(), EraseReason.EXPIRED)
                    .toCompletableFuture()
                    .join();
            assertThat(fixture.source.slot(sent.slot()).orElseThrow().state()).isEqualTo(SlotState.ERASED);
            fixture.startRouter();
            assertThat(awaitPurge(fixture, sent.signupId()).getReason()).isEqualTo(PurgeReason.EXPIRED);
        }
    }
}
