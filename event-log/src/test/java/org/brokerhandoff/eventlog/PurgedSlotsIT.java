package org.brokerhandoff.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read, decoded and reported about signups with a slot, among the log's events of others. */
class PurgedSlotsIT {
    private static final int PARTITIONS = 4;
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00Z");

    private final EventLogSettings settings = new EventLogSettings(
            TestKafka.shared().bootstrapServers(),
            Map.of(),
            TestKafka.shared().randomTopicPrefix(),
            PARTITIONS,
            1,
            Duration.ofHours(24));
    private final KafkaClients clients = new KafkaClients(settings);
    private final Admin admin = clients.admin("test-admin");
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void topics() {
        new TopicProvisioner(admin, settings).provision();
    }

    @AfterEach
    void close() {
        admin.close();
    }

    private static UUID in(int partition) {
        return Stream.generate(UUID::randomUUID)
                .filter(id -> EventPartitions.of(id, PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
    }

    private void publish(UUID... signups) {
        try (EventPublisher publisher =
                new EventPublisher(clients, new EventCodec(), "/test", InstantSource.system())) {
            List<CompletableFuture<?>> acknowledged = new ArrayList<>();
            for (UUID id : signups) {
                acknowledged.add(
                        publisher.publish(Topic.CONSENTS, id, withdrawn(id)).toCompletableFuture());
                acknowledged.add(
                        publisher.publish(Topic.HANDOFFS, id, delivered(id)).toCompletableFuture());
                acknowledged.add(publisher.publish(Topic.PURGES, id, purged(id)).toCompletableFuture());
            }
            acknowledged.forEach(CompletableFuture::join);
        }
    }

    private long since(EventCodec codec, Map<UUID, Instant> signups) {
        return PurgedSlots.since(
                clients,
                codec,
                "test-purges",
                signups,
                Optional.empty(),
                new PurgedSlots.Handler(
                        (id, slot, generation) -> told.add(id + " purged " + slot + "/" + generation),
                        (id, reason) -> told.add(id + " " + reason),
                        id -> told.add(id + " to be erased"),
                        id -> told.add(id + " restricted")));
    }

    @Test
    void of_all_signups_in_the_log_those_asked_about_are_told_of() {
        UUID mine = in(0);
        UUID theirs = in(0);
        publish(theirs, mine, in(0));
        since(new EventCodec(), Map.of(mine, Instant.EPOCH));
        assertThat(told).containsExactlyInAnyOrder(mine + " WITHDRAWN", mine + " DELIVERED", mine + " purged 7/3");
    }

    @Test
    void a_signup_is_restricted_as_long_as_one_request_holds_and_a_repeat_of_a_refused_one_brings_nothing_back() {
        UUID held = in(0);
        UUID refused = in(0);
        UUID refusedOnce = in(1);
        UUID granted = in(1);
        UUID erased = in(2);
        UUID asked = in(2);
        RightsRequested first = requested(refused, RightsType.RESTRICTION);
        RightsRequested one = requested(refusedOnce, RightsType.OBJECTION);
        RightsRequested objection = requested(granted, RightsType.OBJECTION);
        consents(
                requested(held, RightsType.RESTRICTION),
                first,
                decided(first, RequestDecision.REFUSED),
                first,
                one,
                requested(refusedOnce, RightsType.RESTRICTION),
                decided(one, RequestDecision.REFUSED),
                objection,
                decided(objection, RequestDecision.GRANTED),
                requested(erased, RightsType.ERASURE),
                requested(asked, RightsType.ACCESS),
                requested(asked, RightsType.RECTIFICATION),
                requested(asked, RightsType.PORTABILITY),
                requested(in(0), RightsType.RESTRICTION));
        Map<UUID, Instant> signups = new HashMap<>();
        List.of(held, refused, refusedOnce, granted, erased, asked).forEach(id -> signups.put(id, Instant.EPOCH));
        since(new EventCodec(), signups);
        assertThat(told)
                .containsExactlyInAnyOrder(
                        held + " restricted",
                        refusedOnce + " restricted",
                        granted + " restricted",
                        erased + " to be erased");
    }

    private void consents(SpecificRecord... events) {
        try (EventPublisher publisher =
                new EventPublisher(clients, new EventCodec(), "/test", InstantSource.system())) {
            for (SpecificRecord event : events) {
                publisher
                        .publish(Topic.CONSENTS, EventId.signup(event).orElseThrow(), event)
                        .toCompletableFuture()
                        .join();
            }
        }
    }

    private static RightsRequested requested(UUID id, RightsType type) {
        return RightsRequested.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setRequestId(new RandomId(SignupIds.bytes(UUID.randomUUID())))
                .setType(type)
                .setRequestedAt(AT)
                .setDueAt(AT.plusSeconds(3600))
                .setMethod(RequestMethod.WEBSITE)
                .setFound(HoldingFound.HELD)
                .setAttempts(0)
                .build();
    }

    private static RightsRequestDecided decided(RightsRequested request, RequestDecision decision) {
        return new RightsRequestDecided(
                request.getSignupId(),
                request.getRequestId(),
                AT,
                decision,
                RightsGround.COMPELLING_GROUNDS,
                "officer-1");
    }

    @Test
    void partitions_that_have_none_of_the_signups_are_not_read() {
        UUID mine = in(2);
        publish(mine, in(0), in(0), in(1), in(3), in(3));
        assertThat(since(new EventCodec(), Map.of(mine, Instant.EPOCH))).isEqualTo(3);
        assertThat(since(new EventCodec(), Map.of(mine, Instant.EPOCH, in(0), Instant.EPOCH)))
                .isEqualTo(9);
    }

    @Test
    void a_partition_is_read_from_the_earliest_moment_that_a_signup_in_it_asks_for() {
        UUID old = in(1);
        UUID young = in(1);
        UUID alone = in(2);
        publish(old, alone);
        Instant later = Instant.now().plusSeconds(600);
        since(new EventCodec(), Map.of(old, Instant.EPOCH, young, later, alone, later));
        assertThat(told).hasSize(3).allMatch(what -> what.startsWith(old.toString()));
    }

    @Test
    void what_a_newer_version_recorded_stops_the_reading_of_its_partition_whichever_signup_it_is_about() {
        UUID theirs = in(0);
        publish(theirs);
        EventCodec older = EventCodec.olderThan(Purged.class);
        for (UUID asked : List.of(theirs, in(0))) {
            assertThatThrownBy(() -> since(older, Map.of(asked, Instant.EPOCH))).isInstanceOf(UnknownSchema.class);
        }
        since(older, Map.of(in(1), Instant.EPOCH));
        assertThat(told).noneMatch(what -> what.contains("purged"));
    }

    @Test
    void what_a_newer_version_recorded_of_no_single_signup_stops_everybody() {
        try (EventPublisher publisher =
                new EventPublisher(clients, new EventCodec(), "/test", InstantSource.system())) {
            publisher
                    .publishTo(Topic.PURGES, 0, finished())
                    .toCompletableFuture()
                    .join();
        }
        EventCodec older = EventCodec.olderThan(RecordsFinished.class);
        assertThatThrownBy(() -> since(older, Map.of(in(0), Instant.EPOCH))).isInstanceOf(UnknownSchema.class);
    }

    @Test
    void records_without_a_key_or_with_one_of_another_length_are_decoded() throws Exception {
        UUID mine = in(0);
        byte[] value = new EventCodec().encode(purged(mine));
        try (var producer = clients.producer("test-foreign")) {
            for (byte[] key : new byte[][] {null, {}, {1, 2, 3}, new byte[17]}) {
                producer.send(new ProducerRecord<>(Topic.PURGES.name(settings.topicPrefix()), 0, key, value))
                        .get();
            }
        }
        since(new EventCodec(), Map.of(mine, Instant.EPOCH));
        assertThat(told).hasSize(4).allMatch((mine + " purged 7/3")::equals);
    }

    private static ConsentWithdrawn withdrawn(UUID id) {
        return ConsentWithdrawn.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setWithdrawnAt(AT)
                .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setOutcome(WithdrawalOutcome.ERASED_BEFORE_HANDOFF)
                .build();
    }

    private static Delivered delivered(UUID id) {
        return Delivered.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker("fjord")
                .setAttempt(1)
                .setStartedAt(AT)
                .setAcceptedAt(AT)
                .setDuplicate(false)
                .setStatus(200)
                .build();
    }

    private static Purged purged(UUID id) {
        return Purged.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setReason(PurgeReason.DELIVERED)
                .setLevel(PurgeLevel.UNREADABLE)
                .setKeyErasedAt(AT)
                .setReadBack(ReadBack.DIRECT)
                .setSlot(7)
                .setGeneration(3)
                .setPurgedAt(AT)
                .build();
    }

    private static RecordsFinished finished() {
        return RecordsFinished.newBuilder()
                .setTopic(SealedTopic.SIGNUPS)
                .setPartition(0)
                .setFirstOffset(0)
                .setRecords(List.of())
                .setFinishedAt(AT)
                .build();
    }
}
