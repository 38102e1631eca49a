package org.brokerhandoff.router.kafka;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SetAside;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.RecordPosition;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.SignupLog;
import org.brokerhandoff.router.journal.Journal;
import org.brokerhandoff.router.trace.HandoffTraces;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event log as a handoff needs it, on Kafka. */
public final class KafkaSignupLog implements SignupLog {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSignupLog.class);

    private final EventPublisher publisher;
    private final EventCodec codec;
    private final Journal journal;
    private final Executor journalThread;
    private final InstantSource clock;
    private final HandoffTraces traces;
    /** Of the questions that are not answered because a newer version has recorded something. */
    private final Map<Question<?>, String> unknownSchemas = new ConcurrentHashMap<>();

    /**
     * A log.
     *
     * @param journal used on {@code journalThread} only
     * @param journalThread a single thread that may block
     */
    public KafkaSignupLog(
            EventPublisher publisher,
            EventCodec codec,
            Journal journal,
            Executor journalThread,
            InstantSource clock,
            HandoffTraces traces) {
        this.publisher = publisher;
        this.codec = codec;
        this.journal = journal;
        this.journalThread = journalThread;
        this.clock = clock;
        this.traces = traces;
    }

    /** Events of a newer version for which questions wait, so that their records do too; each entry says where, without content. */
    public List<String> stoppedForSchema() {
        return unknownSchemas.values().stream().distinct().sorted().toList();
    }

    @Override
    public CompletionStage<?> record(UUID signupId, SpecificRecord event) {
        return publisher.publish(Topic.HANDOFFS, signupId, event);
    }

    @Override
    public CompletionStage<Long> park(PendingSignup signup, History history, Optional<Instant> notBefore) {
        return untilAnswered(() -> publisher
                .publish(
                        Topic.SIGNUPS_PARKED,
                        signup.signupId(),
                        SealedSignups.parked(signup, history, notBefore, clock.instant()),
                        traces.of(signup.signupId()).link())
                .thenApply(RecordPosition::offset));
    }

    @Override
    public CompletionStage<History> history(PendingSignup signup) {
        History carried = signup.parking().map(Parking::history).orElse(History.NONE);
        // A copy that a late router has parked knows less than the log did when it was written.
        Instant since = signup.parking().isPresent() ? signup.receivedAt() : signup.appendedAt();
        return untilAnswered(() -> CompletableFuture.supplyAsync(
                () -> carried.followedBy(journal.history(signup.signupId(), signup.partition(), since)),
                journalThread));
    }

    @Override
    public CompletionStage<Boolean> purged(PendingSignup signup) {
        // A copy may have been parked by a router that did not know it was late, after the purge.
        Instant since = signup.parking().isPresent() ? signup.receivedAt() : signup.appendedAt();
        return untilAnswered(() -> CompletableFuture.supplyAsync(
                () -> journal.purged(signup.signupId(), signup.partition(), since), journalThread));
    }

    @Override
    public CompletionStage<?> setAside(PendingSignup signup, SetAsideReason reason) {
        byte[] key = SignupIds.bytes(signup.signupId());
        byte[] value = codec.encode(SealedSignups.event(signup));
        return setAside(SealedTopic.SIGNUPS, signup.partition(), signup.offset(), key, value, reason);
    }

    /** Sets a record aside that may not even be a signup. The copy comes first: once the event is there, so is the copy. */
    public CompletionStage<?> setAside(
            SealedTopic topic, int partition, long offset, byte[] key, byte[] value, SetAsideReason reason) {
        SetAside event = SetAside.newBuilder()
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .setSetAsideAt(clock.instant())
                .setReason(reason)
                .build();
        return untilAnswered(() -> publisher
                .setAside(partition, key, value, reason.name())
                .thenCompose(copied -> publisher.publishTo(Topic.HANDOFFS, partition, event)));
    }

    /** Asked again every second: a record whose fate cannot be settled now must not be forgotten, and must not be cut. */
    private <T> CompletionStage<T> untilAnswered(Supplier<CompletionStage<T>> asks) {
        Question<T> question = new Question<>(asks);
        ask(question);
        return question.answer;
    }

    /** One future for all tries: a chain of futures would grow for as long as Kafka is away. */
    private static final class Question<T> {
        final Supplier<CompletionStage<T>> asks;
        final CompletableFuture<T> answer = new CompletableFuture<>();

        Question(Supplier<CompletionStage<T>> asks) {
            this.asks = asks;
        }
    }

    private <T> void ask(Question<T> question) {
        CompletionStage<T> asked;
        try {
            asked = question.asks.get();
        } catch (RejectedExecutionException closing) {
            unknownSchemas.remove(question);
            question.answer.completeExceptionally(closing);
            return;
        }
        var unused = asked.whenComplete((result, failure) -> {
            if (failure == null) {
                unknownSchemas.remove(question);
                question.answer.complete(result);
            } else {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                tell(question, cause == null ? failure : cause);
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(() -> ask(question));
            }
        });
    }

    /** An unknown schema is told of once: only an upgrade helps. Of others the kind only: a Kafka exception may quote a record. */
    private void tell(Question<?> question, Throwable cause) {
        if (!(cause instanceof UnknownSchema unknown)) {
            unknownSchemas.remove(question);
            LOG.warn("the event log is read again after {}", cause.getClass().getSimpleName());
        } else if (unknownSchemas.put(question, String.valueOf(unknown.getMessage())) == null) {
            LOG.warn("a signup waits: {}", unknown.getMessage());
        }
    }
}
