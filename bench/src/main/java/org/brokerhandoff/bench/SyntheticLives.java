package org.brokerhandoff.bench;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.CanaryOutcome;
import org.brokerhandoff.event.Candidate;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.CustodyFileSystem;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.FinishedRecords;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/**
 * Writes the kept topics of many delivered and purged signups, so that every rule of the audit holds: for each a consent, an assignment, an
 * attempt that the broker postponed, a delivery and a purge that claims {@code ERASED}; for some hundreds together an account of their
 * records and an inspection of the files. The events are published as the services do.
 */
final class SyntheticLives {
    /** Events of each signup, except those shared by some hundreds. */
    static final int EVENTS = 5;

    private static final String BROKER = "fjord-markets";
    private static final String OTHER = "nordlys-invest";
    private static final String POLICY = "2026-11-01";
    private static final Digest POLICY_TEXT = Digests.sha256("policy");
    private static final List<String> RECIPIENTS = List.of(BROKER, OTHER);
    private static final int TOGETHER = 250;
    private static final int SLOTS = 1 << 20;
    private static final int SAMPLES = 1000;
    private static final Duration HOLD = Duration.ofHours(24);

    private final KafkaClients clients;
    private final int partitions;
    private final SplittableRandom random = new SplittableRandom();
    private final List<List<Life>> waiting = new ArrayList<>();
    private final long[] nextOffsets;
    private final AtomicBoolean refused = new AtomicBoolean();
    private final List<UUID> sample = new ArrayList<>();
    private long begun;
    private long written;

    private record Life(UUID id, int slot, int generation) {
        SignupId fixed() {
            return SignupIds.fixed(id);
        }
    }

    /** The signups whose records were finished together, in one partition. */
    private record Batch(int partition, long firstOffset, Instant received, List<Life> lives) {
        Instant at(long millis) {
            return received.plusMillis(millis);
        }

        long end() {
            return firstOffset + lives.size();
        }
    }

    /** Lives in the empty log of {@code clients}, whose topics exist. */
    SyntheticLives(KafkaClients clients) {
        // Nothing waits for an answer here, and on a busy machine Kafka may be slow.
        this.clients = clients.with(Map.of(
                ProducerConfig.LINGER_MS_CONFIG, "20",
                ProducerConfig.BATCH_SIZE_CONFIG, "262144",
                ProducerConfig.MAX_BLOCK_MS_CONFIG, "300000",
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "120000",
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "300000"));
        this.partitions = clients.settings().partitions();
        this.nextOffsets = new long[partitions];
        for (int partition = 0; partition < partitions; partition++) {
            waiting.add(new ArrayList<>());
        }
    }

    /**
     * Writes {@code signups} lives, after those written before, and waits until Kafka has them.
     *
     * @throws IllegalStateException if Kafka refused an event
     */
    void write(long signups, EventCodec codec) {
        InstantSource clock = InstantSource.system();
        try (EventPublisher ingest = new EventPublisher(clients, codec, "/ingest", clock);
                EventPublisher router = new EventPublisher(clients, codec, "/router", clock);
                EventPublisher agent = new EventPublisher(clients, codec, "/erasure-agent", clock)) {
            Instant start = clock.instant();
            DirectoryPublished directory = directory(codec, start.minusSeconds(60));
            await(ingest.publishTo(Topic.CONSENTS, 0, policy(start.minusSeconds(60))));
            await(router.publishTo(Topic.HANDOFFS, 0, directory));
            await(router.publishTo(Topic.PURGES, 0, examined(start.minusSeconds(600))));
            Digest digest = directory.getDigest();
            long end = written + signups;
            for (; written < end && !refused.get(); written++) {
                UUID id = id();
                if (written % Math.max(1, signups / SAMPLES) == 0) {
                    sample.add(id);
                }
                List<Life> lives = waiting.get(EventPartitions.of(id, partitions));
                lives.add(new Life(id, (int) (written % SLOTS), 1 + (int) (written / SLOTS)));
                if (lives.size() == TOGETHER) {
                    write(next(id, clock), ingest, router, agent, digest);
                }
            }
            for (List<Life> rest : waiting) {
                if (!rest.isEmpty()) {
                    write(next(rest.get(0).id(), clock), ingest, router, agent, digest);
                }
            }
        }
        if (refused.get()) {
            throw new IllegalStateException("Kafka refused some of the events");
        }
    }

    /** Some thousand of the written signups, spread over all of them. */
    List<UUID> sample() {
        return List.copyOf(sample);
    }

    private Batch next(UUID id, InstantSource clock) {
        int partition = EventPartitions.of(id, partitions);
        List<Life> lives = waiting.get(partition);
        Batch batch =
                new Batch(partition, nextOffsets[partition], clock.instant().minusSeconds(5), List.copyOf(lives));
        nextOffsets[partition] = batch.end();
        lives.clear();
        return batch;
    }

    private void write(Batch batch, EventPublisher ingest, EventPublisher router, EventPublisher agent, Digest digest) {
        // The evidence for the purges precedes them in their topic.
        CompletionStage<?> looked = agent.publishTo(Topic.PURGES, batch.partition(), look(batch));
        for (Life life : batch.lives()) {
            note(ingest.publish(Topic.CONSENTS, life.id(), granted(life, batch)));
            note(router.publish(Topic.HANDOFFS, life.id(), assigned(life, batch, digest)));
            note(router.publish(Topic.HANDOFFS, life.id(), attempt(life, batch)));
            note(router.publish(Topic.HANDOFFS, life.id(), delivered(life, batch)));
        }
        note(router.publishTo(Topic.PURGES, batch.partition(), finished(batch)));
        await(looked);
        for (int i = 0; i < batch.lives().size(); i++) {
            Life life = batch.lives().get(i);
            note(router.publish(Topic.PURGES, life.id(), purged(life, batch, batch.firstOffset() + i)));
        }
        begun += batch.lives().size();
        if (begun / 100_000 != (begun - batch.lives().size()) / 100_000) {
            System.out.println(begun + " signups written");
        }
    }

    private void note(CompletionStage<?> sent) {
        var unused = sent.whenComplete((position, failure) -> {
            if (failure != null) {
                refused.set(true);
            }
        });
    }

    private static void await(CompletionStage<?> sent) {
        var unused = sent.toCompletableFuture().join();
    }

    /** Version 4, as real ones; not secret, so a fast generator suffices. */
    private UUID id() {
        return new UUID(
                (random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() & ~(0b11L << 62)) | Long.MIN_VALUE);
    }

    private static PolicyPublished policy(Instant at) {
        return PolicyPublished.newBuilder()
                .setVersion(POLICY)
                .setLanguage("nb")
                .setDigest(POLICY_TEXT)
                .setEffectiveAt(at)
                .setPublishedAt(at)
                .build();
    }

    private static DirectoryPublished directory(EventCodec codec, Instant at) {
        DirectoryPublished canonical = DirectoryPublished.newBuilder()
                .setDigest(new Digest(new byte[32]))
                .setPublishedAt(Instant.EPOCH)
                .setBrokers(List.of(broker(BROKER, 1), broker(OTHER, 2)))
                .build();
        return DirectoryPublished.newBuilder(canonical)
                .setDigest(Digests.sha256(codec.encode(canonical)))
                .setPublishedAt(at)
                .build();
    }

    private static PublishedBroker broker(String id, int priority) {
        return PublishedBroker.newBuilder()
                .setId(id)
                .setName(id)
                .setPrivacyPolicy("https://" + id + ".example/privacy")
                .setCountries(List.of("*"))
                .setLanguages(List.of())
                .setTransferDefault("EEA")
                .setTransferCountries(List.of())
                .setPriority(priority)
                .setWeight(1)
                .setStatus(BrokerStatus.ACTIVE)
                .build();
    }

    /** The start of a router that all purges name. */
    private static final RandomId ROUTER = new RandomId(SignupIds.bytes(UUID.randomUUID()));

    private static CustodyExamined examined(Instant at) {
        return CustodyExamined.newBuilder()
                .setInstance(ROUTER)
                .setSlotFile(new RandomId(SignupIds.bytes(UUID.randomUUID())))
                .setService(ServiceName.ROUTER)
                .setExaminedAt(at)
                .setFileSystem(CustodyFileSystem.EXT4_ORDERED)
                .setSwap(false)
                .setCoreDumps(false)
                .setCanary(CanaryOutcome.CLEAN)
                .setFindings(List.of())
                .setHighestLevel(PurgeLevel.ERASED)
                .build();
    }

    private static SpecificRecord granted(Life life, Batch batch) {
        return ConsentGranted.newBuilder()
                .setSignupId(life.fixed())
                .setRecordVersion(1)
                .setPolicyVersion(POLICY)
                .setNoticeDigest(POLICY_TEXT)
                .setLanguage("nb")
                .setPurposes(List.of(Purpose.BROKER_HANDOFF))
                .setDataCategories(List.of(DataCategory.CONTACT))
                .setRecipients(RECIPIENTS)
                .setJurisdiction("NO")
                .setWithdrawalMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setGivenAt(batch.at(-900))
                .setMethod(ConsentMethod.REGISTRATION_FORM)
                .setReceivedAt(batch.received())
                .setEraseBy(batch.received().plus(HOLD))
                .build();
    }

    private static SpecificRecord assigned(Life life, Batch batch, Digest directory) {
        return Assigned.newBuilder()
                .setSignupId(life.fixed())
                .setBroker(BROKER)
                .setHop(0)
                .setDirectoryDigest(directory)
                .setDecidedAt(batch.at(20))
                .setCountry("NO")
                .setLanguage("nb")
                .setRecipients(RECIPIENTS)
                .setCandidates(List.of(new Candidate(BROKER, 1, 1), new Candidate(OTHER, 2, 1)))
                .setExclusions(List.of())
                .build();
    }

    private static SpecificRecord attempt(Life life, Batch batch) {
        return AttemptMade.newBuilder()
                .setSignupId(life.fixed())
                .setBroker(BROKER)
                .setAttempt(1)
                .setStartedAt(batch.at(30))
                .setEndedAt(batch.at(60))
                .setOutcome(AttemptOutcome.DEFERRED)
                .setStatus(503)
                .build();
    }

    private static SpecificRecord delivered(Life life, Batch batch) {
        return new Delivered(life.fixed(), BROKER, 2, batch.at(1030), batch.at(1060), false, 200);
    }

    private static SpecificRecord purged(Life life, Batch batch, long offset) {
        return new Purged(
                life.fixed(),
                PurgeReason.DELIVERED,
                PurgeLevel.ERASED,
                batch.received().plus(HOLD),
                batch.at(1070),
                ReadBack.DIRECT,
                life.slot(),
                life.generation(),
                batch.partition(),
                offset,
                batch.end(),
                1,
                1,
                batch.at(1100),
                1000L,
                null,
                batch.at(2300),
                ROUTER,
                null);
    }

    private static SpecificRecord finished(Batch batch) {
        return RecordsFinished.newBuilder()
                .setTopic(SealedTopic.SIGNUPS)
                .setPartition(batch.partition())
                .setFirstOffset(batch.firstOffset())
                .setRecords(List.of(FinishedRecords.newBuilder()
                        .setEnd(RecordEnd.ENDED)
                        .setCount(batch.lives().size())
                        .setSignups(batch.lives().stream().map(Life::fixed).toList())
                        .build()))
                .setFinishedAt(batch.at(1080))
                .build();
    }

    private static SpecificRecord look(Batch batch) {
        return new LogErased(1, List.of(), SealedTopic.SIGNUPS, batch.partition(), batch.end(), batch.at(1200));
    }
}
