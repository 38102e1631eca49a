package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.RefusalReason;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SuspensionReason;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.RecordPosition;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.journal.Journal;
import org.brokerhandoff.router.purge.ErasureReports;
import org.brokerhandoff.router.purge.SetAsideCopies;
import org.brokerhandoff.router.trace.HandoffTraces;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

/** The journal, questions, reports of agents, copies that were set aside, and suspensions. */
class NewerEventsIT extends NewerEvents {
    private static final long NO_FINGERPRINT = 0x1122334455667788L;

    /** The signups that have a slot. */
    private final Set<UUID> slots = new HashSet<>();

    /** The reader's thread reads it. */
    private volatile Instant clock = now;

    private RecordPosition publish(Topic topic, UUID signup, SpecificRecord event) {
        return publisher.publish(topic, signup, event).toCompletableFuture().join();
    }

    /** A signup id of this partition. */
    private UUID signupOf(int partition) {
        UUID id = UUID.randomUUID();
        return EventPartitions.of(id, settings.partitions()) == partition ? id : signupOf(partition);
    }

    private Assigned assigned(UUID signup, String broker) {
        return Assigned.newBuilder()
                .setSignupId(SignupIds.fixed(signup))
                .setBroker(broker)
                .setHop(0)
                .setDirectoryDigest(new Digest(new byte[32]))
                .setDecidedAt(now)
                .setCountry("NO")
                .setLanguage("nb")
                .setRecipients(List.of("fjord-markets"))
                .setCandidates(List.of())
                .setExclusions(List.of())
                .build();
    }

    private Refused refused(UUID signup, String broker) {
        return Refused.newBuilder()
                .setSignupId(SignupIds.fixed(signup))
                .setBroker(broker)
                .setAttempt(1)
                .setStartedAt(now)
                .setRefusedAt(now)
                .setReason(RefusalReason.REJECTED)
                .setStatus(422)
                .build();
    }

    private Purged purged(UUID signup) {
        return Purged.newBuilder()
                .setSignupId(SignupIds.fixed(signup))
                .setReason(PurgeReason.DELIVERED)
                .setLevel(PurgeLevel.UNREADABLE)
                .setEraseBy(now)
                .setKeyErasedAt(now)
                .setReadBack(ReadBack.DIRECT)
                .setSlot(1)
                .setGeneration(1)
                .setPurgedAt(now)
                .build();
    }

    /** As its record in partition 0 says that was appended a minute ago. */
    private PendingSignup signup(UUID id) {
        return SealedSignups.pending(SealedSignups.event(Examples.signup(id)), 0, 0, now.minusSeconds(60))
                .orElseThrow();
    }

    private Journal journal(EventCodec codec) {
        return new Journal(new EventReader(clients, codec, "test-journal"), () -> slots);
    }

    @Test
    void the_journal_does_not_take_what_a_newer_router_recorded_for_nothing() {
        UUID one = signupOf(0);
        UUID other = signupOf(0);
        UUID elsewhere = signupOf(1);
        slots.addAll(List.of(one, other, elsewhere));
        publish(Topic.HANDOFFS, one, refused(one, "fjord-markets"));
        RecordPosition newer = publish(Topic.HANDOFFS, other, assigned(other, "nordlys-invest"));
        publish(Topic.HANDOFFS, one, refused(one, "nordlys-invest"));
        publish(Topic.HANDOFFS, elsewhere, refused(elsewhere, "fjord-markets"));
        try (Journal older = journal(EventCodec.olderThan(Assigned.class))) {
            assertThatThrownBy(() -> older.histories(0, now.minusSeconds(60)))
                    .isInstanceOf(UnknownSchema.class)
                    .hasMessageContaining("handoffs-0@" + newer.offset())
                    .hasMessageContaining(NEWER);
            // Not even of a signup that the event is not about: this router cannot know that.
            assertThatThrownBy(() -> older.history(one, 0, now.minusSeconds(60)))
                    .isInstanceOf(UnknownSchema.class);
            assertThat(older.histories(1, now.minusSeconds(60))).containsOnlyKeys(elsewhere);
        }
        try (Journal upgraded = journal(CODEC)) {
            Map<UUID, History> histories = upgraded.histories(0, now.minusSeconds(60));
            assertThat(histories).containsOnlyKeys(one, other);
            assertThat(histories.getOrDefault(other, History.NONE).assignments())
                    .extracting(assignment -> assignment.broker())
                    .containsExactly("nordlys-invest");
            slots.remove(one);
            assertThat(upgraded.histories(0, now.minusSeconds(60)))
                    .as("nothing is kept of a signup that has no slot any more")
                    .containsOnlyKeys(other);
            assertThat(upgraded.history(one, 0, now.minusSeconds(60)))
                    .as("unless it is asked for")
                    .isNotEqualTo(History.NONE);
        }
    }

    @Test
    void the_journal_does_not_say_that_there_is_no_purge_when_it_cannot_know() {
        UUID signup = signupOf(0);
        RecordPosition newer = publish(Topic.PURGES, signup, purged(signup));
        try (Journal older = journal(EventCodec.olderThan(Purged.class))) {
            assertThatThrownBy(() -> older.purged(signup, 0, now.minusSeconds(60)))
                    .isInstanceOf(UnknownSchema.class)
                    .hasMessageContaining("purges-0@" + newer.offset());
            assertThat(older.purged(signupOf(1), 1, now.minusSeconds(60))).isFalse();
        }
        try (Journal upgraded = journal(CODEC)) {
            assertThat(upgraded.purged(signup, 0, now.minusSeconds(60))).isTrue();
        }
    }

    /** The record whose fate depends on the answer stays unfinished for as long. */
    @Test
    void a_question_about_a_signup_waits_and_says_why_instead_of_being_answered_from_less() throws Exception {
        UUID id = signupOf(0);
        PendingSignup signup = signup(id);
        publish(Topic.HANDOFFS, id, assigned(id, "nordlys-invest"));
        publish(Topic.PURGES, id, purged(id));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Journal older = journal(EventCodec.olderThan(Assigned.class))) {
            KafkaSignupLog log =
                    new KafkaSignupLog(publisher, CODEC, older, thread, InstantSource.system(), HandoffTraces.OFF);
            var history = log.history(signup).toCompletableFuture();
            await().atMost(LIMIT).until(() -> !log.stoppedForSchema().isEmpty());
            assertThat(log.stoppedForSchema())
                    .singleElement()
                    .asString()
                    .contains("handoffs-0@0", NEWER)
                    .doesNotContain("nordlys-invest");
            assertThat(log.purged(signup).toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .as("another topic is still read")
                    .isTrue();
            assertThat(history).isNotDone();
            thread.shutdown();
            assertThat(thread.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
            await().atMost(LIMIT).until(history::isCompletedExceptionally);
            assertThat(log.stoppedForSchema())
                    .as("nothing waits after the router's end")
                    .isEmpty();
        } finally {
            thread.shutdownNow();
        }
        ExecutorService next = Executors.newSingleThreadExecutor();
        try (Journal upgraded = journal(CODEC)) {
            KafkaSignupLog log =
                    new KafkaSignupLog(publisher, CODEC, upgraded, next, InstantSource.system(), HandoffTraces.OFF);
            assertThat(log.history(signup)
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS)
                            .assignments())
                    .hasSize(1);
            assertThat(log.stoppedForSchema()).isEmpty();
        } finally {
            next.shutdownNow();
        }
    }

    private LogErased erased(int broker, long lowest, Instant at) {
        return LogErased.newBuilder()
                .setBroker(broker)
                .setDirectories(List.of())
                .setTopic(SealedTopic.SIGNUPS)
                .setPartition(0)
                .setLowestOffset(lowest)
                .setObservedAt(at)
                .build();
    }

    private void publishErased(LogErased report) {
        publisher.publishTo(Topic.PURGES, 0, report).toCompletableFuture().join();
    }

    /** The bytes of {@code event} under a fingerprint that no version has. */
    private static byte[] newer(SpecificRecord event) {
        byte[] value = CODEC.encode(event);
        ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).putLong(2, NO_FINGERPRINT);
        return value;
    }

    private void publishNewer(Topic topic, int partition, byte[] key, SpecificRecord event) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic.name(settings.topicPrefix()), partition, key, newer(event));
        record.headers()
                .add(new RecordHeader(
                        CloudEventHeaders.TYPE, event.getSchema().getFullName().getBytes(StandardCharsets.UTF_8)));
        try (KafkaProducer<byte[], byte[]> producer = clients.producer("test-newer")) {
            assertThat(producer.send(record)).succeedsWithin(LIMIT);
        }
    }

    private static boolean erased(ErasureReports reports, Instant now) {
        return reports.reporting(Set.of(1), now)
                && reports.mayHold(SealedTopic.SIGNUPS, 0, 5, now.minusSeconds(60), Set.of(1), now)
                        .isEmpty();
    }

    @Test
    void no_purge_is_claimed_erased_while_an_agent_says_what_this_router_cannot_read() {
        try (ErasureReportReader reader = new ErasureReportReader(clients, CODEC, () -> clock)) {
            publishErased(erased(1, 10, now.minusSeconds(1)));
            reader.start();
            await().atMost(LIMIT).until(() -> erased(reader.get(), now));
            assertThat(reader.stopped()).isEmpty();

            publishNewer(Topic.PURGES, 0, new byte[] {1}, erased(1, 3, now));
            await().atMost(LIMIT).until(() -> reader.stopped().isPresent());
            assertThat(reader.stopped().orElseThrow()).contains("purges-0@1", "1122334455667788", NEWER);
            assertThat(reader.get()).isEqualTo(ErasureReports.NONE);

            publishErased(erased(1, 11, now));
            clock = now.plus(ErasureReports.SILENCE).minusMillis(1);
            assertThat(reader.get())
                    .as("another report does not take back what the newer one may have said")
                    .isEqualTo(ErasureReports.NONE);
            // A newer agent that lives reports at least every minute: this one has been replaced by an older one.
            clock = now.plus(ErasureReports.SILENCE);
            publishErased(erased(1, 12, clock.minusMillis(1)));
            await().atMost(LIMIT).until(() -> erased(reader.get(), clock));
            assertThat(reader.stopped()).isEmpty();
        }
    }

    @Test
    void the_reports_of_a_newer_agent_count_after_the_upgrade() {
        publishErased(erased(1, 10, now));
        try (ErasureReportReader older =
                new ErasureReportReader(clients, EventCodec.olderThan(LogErased.class), InstantSource.system())) {
            older.start();
            await().atMost(LIMIT).until(() -> older.stopped().isPresent());
            assertThat(older.get()).isEqualTo(ErasureReports.NONE);
        }
        try (ErasureReportReader upgraded = new ErasureReportReader(clients, CODEC, InstantSource.system())) {
            upgraded.start();
            await().atMost(LIMIT).until(() -> erased(upgraded.get(), Instant.now()));
        }
    }

    private void setAside(int partition, byte[] key, byte[] value) {
        publisher
                .setAside(partition, key, value, "KEY_MISMATCH")
                .toCompletableFuture()
                .join();
    }

    @Test
    void of_a_partition_with_a_copy_of_a_newer_version_it_is_not_said_whose_copies_stand_there() {
        PendingSignup known = Examples.signup(UUID.randomUUID());
        PendingSignup hidden = Examples.signup(UUID.randomUUID());
        PendingSignup elsewhere = Examples.signup(UUID.randomUUID());
        UUID key = UUID.randomUUID();
        setAside(0, SignupIds.bytes(known.signupId()), CODEC.encode(SealedSignups.event(known)));
        // Under the id of another signup, as a record that was set aside for that.
        setAside(0, SignupIds.bytes(key), CODEC.encode(SealedSignups.event(hidden)));
        setAside(1, SignupIds.bytes(elsewhere.signupId()), new byte[] {1, 2, 3});
        try (KafkaSetAsideLook older = new KafkaSetAsideLook(clients, EventCodec.olderThan(SealedSignup.class))) {
            for (int look = 0; look < 2; look++) {
                assertThat(older.look(Set.of(0, 1)))
                        .containsOnly(Map.entry(1, new SetAsideCopies(Set.of(elsewhere.signupId()))));
                assertThat(older.stopped().orElseThrow()).contains("signups-set-aside-0@0", NEWER);
            }
            assertThat(older.look(Set.of(1))).containsKey(1);
            assertThat(older.stopped()).isEmpty();
            assertThat(older.look(Set.of(0))).isEmpty();
        }
        try (KafkaSetAsideLook upgraded = new KafkaSetAsideLook(clients, CODEC)) {
            SetAsideCopies copies = upgraded.look(Set.of(0, 1)).getOrDefault(0, SetAsideCopies.NONE);
            assertThat(copies.signups()).containsExactlyInAnyOrder(known.signupId(), key, hidden.signupId());
            assertThat(upgraded.stopped()).isEmpty();
        }
    }

    @Test
    void a_partition_is_spoken_of_again_once_retention_has_removed_the_copy_of_a_newer_version() throws Exception {
        PendingSignup copied = Examples.signup(UUID.randomUUID());
        publishNewer(Topic.SIGNUPS_SET_ASIDE, 0, SignupIds.bytes(copied.signupId()), SealedSignups.event(copied));
        try (KafkaSetAsideLook look = new KafkaSetAsideLook(clients, CODEC);
                Admin admin = clients.admin("test-retention")) {
            assertThat(look.look(Set.of(0))).isEmpty();
            admin.deleteRecords(Map.of(
                            new TopicPartition(Topic.SIGNUPS_SET_ASIDE.name(settings.topicPrefix()), 0),
                            RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            assertThat(look.look(Set.of(0))).containsEntry(0, SetAsideCopies.NONE);
            assertThat(look.stopped()).isEmpty();
        }
    }

    @Test
    void a_suspension_that_is_not_understood_is_named_and_those_after_it_are_heard() {
        List<SpecificRecord> heard = new CopyOnWriteArrayList<>();
        BrokerSuspended suspended = new BrokerSuspended(
                "fjord-markets", new RandomId(new byte[16]), now, SuspensionReason.GONE, 410, now.plusSeconds(60));
        publishNewer(Topic.HANDOFFS, SuspensionReader.PARTITION, new byte[] {1}, suspended);
        publisher
                .publishTo(Topic.HANDOFFS, SuspensionReader.PARTITION, suspended)
                .toCompletableFuture()
                .join();
        try (SuspensionReader reader =
                new SuspensionReader(clients, CODEC, Duration.ofMinutes(15), InstantSource.system(), heard::add)) {
            reader.start();
            await().atMost(LIMIT).until(() -> heard.size() == 1);
            assertThat(heard).containsExactly(suspended);
            assertThat(reader.notUnderstood().orElseThrow()).contains("handoffs-0@0", NEWER);
        }
    }
}
