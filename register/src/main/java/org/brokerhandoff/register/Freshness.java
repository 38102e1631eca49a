package org.brokerhandoff.register;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.eventlog.AcknowledgedEnds;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes queries when the register has passed everything that was in the log at the time of the query.
 *
 * <p>The end of the log is fetched after each query arrived, never before: an end fetched earlier may precede the event that the caller has
 * just seen acknowledged. It is at least the end that the processes of this host know to be acknowledged, whatever a broker answers that
 * still believes itself the leader ({@link AcknowledgedEnds}). Positions are read from the database, since another process may project the
 * partition, and since a rebuild may move them back. Concurrent queries share both look-ups.
 *
 * <p>Unmarked fields are confined to one thread.
 */
final class Freshness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Freshness.class);
    private static final long LOOKUP_INTERVAL_NANOS = 1_000_000;
    private static final long CHECK_INTERVAL_MILLIS = 10;
    private static final long SURVEY_INTERVAL_NANOS = 5_000_000_000L;
    /** Poll interval to detect that the register follows again. */
    private static final long SHORT_SURVEY_INTERVAL_MILLIS = 500;

    private static final ListOffsetsOptions LOOKUP = new ListOffsetsOptions().timeoutMs(5_000);

    private final Admin admin;
    private final EventLogSettings settings;
    private final AcknowledgedEnds acknowledged;
    private final Register register;
    private final ScheduledThreadPoolExecutor thread;

    private List<Question> unasked = new ArrayList<>();
    private final List<Question> waiting = new ArrayList<>();
    private boolean lookupScheduled;
    private boolean checkScheduled;
    private long lastLookupNanos = System.nanoTime() - LOOKUP_INTERVAL_NANOS;

    /** The log, once Kafka has identified it: positions in another one are meaningless. */
    private Optional<LogSource> source = Optional.empty();
    /** The ends of the log at the last survey. */
    private Map<LogPartition, Long> surveyed = Map.of();

    private boolean surveying;
    private long surveyedNanos = System.nanoTime() - SURVEY_INTERVAL_NANOS;

    private volatile RegisterHealth health = new RegisterHealth.Starting();

    private static final class Question {
        final Set<LogPartition> partitions = new HashSet<>();
        final Map<LogPartition, Long> ends = new HashMap<>();
        final CompletableFuture<PassedEnds> answer = new CompletableFuture<>();
    }

    Freshness(Admin admin, KafkaClients clients, Register register) {
        this.admin = admin;
        this.settings = clients.settings();
        this.acknowledged = clients.acknowledged();
        this.register = register;
        this.thread = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread worker = new Thread(task, "handoff-register-freshness");
                    worker.setDaemon(true);
                    return worker;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        var unused = thread.scheduleWithFixedDelay(
                this::surveyIfDue, 0, SHORT_SURVEY_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** See {@link FreshRegister#passed}. */
    CompletionStage<PassedEnds> passed(Collection<Topic> topics, int partition, Duration limit) {
        if (partition < 0 || partition >= settings.partitions()) {
            throw new IllegalArgumentException("there is no partition " + partition);
        }
        Question question = new Question();
        for (Topic topic : topics) {
            if (!Register.keptTopics().contains(topic)) {
                throw new IllegalArgumentException(topic + " is not projected");
            }
            LogPartition inQuestion = new LogPartition(topic, partition);
            question.partitions.add(inQuestion);
            question.ends.put(inQuestion, acknowledged.end(topic, partition));
        }
        CompletableFuture<PassedEnds> result = new CompletableFuture<>();
        var unused = question.answer
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((passed, failure) -> {
                    if (failure == null) {
                        result.complete(passed);
                    } else if (failure instanceof RegisterBehind) {
                        result.completeExceptionally(failure);
                    } else {
                        result.completeExceptionally(new RegisterBehind(
                                "the register has not caught up with " + question.partitions + " within " + limit));
                    }
                });
        if (thread.isShutdown()) {
            question.answer.completeExceptionally(closed());
        }
        thread.execute(() -> {
            unasked.add(question);
            scheduleLookup();
        });
        return result;
    }

    /** Whether the register had kept up when last surveyed. */
    RegisterHealth health() {
        return health;
    }

    private void scheduleLookup() {
        if (!lookupScheduled) {
            lookupScheduled = true;
            var unused = thread.schedule(
                    this::lookUpEnds,
                    lastLookupNanos + LOOKUP_INTERVAL_NANOS - System.nanoTime(),
                    TimeUnit.NANOSECONDS);
        }
    }

    private void lookUpEnds() {
        lookupScheduled = false;
        lastLookupNanos = System.nanoTime();
        List<Question> questions = unasked;
        unasked = new ArrayList<>();
        Set<LogPartition> partitions = new HashSet<>();
        questions.forEach(question -> partitions.addAll(question.partitions));
        Map<LogPartition, CompletableFuture<Long>> ends = ends(partitions);
        for (Question question : questions) {
            // Each waits only for its own partitions: one without a leader must not delay the others.
            Map<LogPartition, CompletableFuture<Long>> own = new HashMap<>(ends);
            own.keySet().retainAll(question.partitions);
            var unused = all(own.values()).whenComplete((done, failure) -> {
                if (failure == null) {
                    thread.execute(() -> {
                        own.forEach((partition, end) -> question.ends.merge(partition, end.join(), Math::max));
                        waiting.add(question);
                        check();
                    });
                } else {
                    question.answer.completeExceptionally(
                            new RegisterBehind("the end of the log is not known: " + kind(failure)));
                }
            });
        }
    }

    private Map<LogPartition, CompletableFuture<Long>> ends(Collection<LogPartition> partitions) {
        Map<TopicPartition, OffsetSpec> request = new HashMap<>();
        partitions.forEach(partition -> request.put(topicPartition(partition), OffsetSpec.latest()));
        ListOffsetsResult result = admin.listOffsets(request, LOOKUP);
        Map<LogPartition, CompletableFuture<Long>> ends = new HashMap<>();
        partitions.forEach(partition -> ends.put(
                partition,
                result.partitionResult(topicPartition(partition))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset)));
        return ends;
    }

    private static CompletableFuture<Void> all(Collection<CompletableFuture<Long>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
    }

    private static String kind(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getClass().getSimpleName();
    }

    private TopicPartition topicPartition(LogPartition partition) {
        return new TopicPartition(partition.topic().name(settings.topicPrefix()), partition.partition());
    }

    private void check() {
        waiting.removeIf(question -> question.answer.isDone());
        if (waiting.isEmpty()) {
            return;
        }
        try {
            source.ifPresent(log -> {
                Map<LogPartition, Long> positions = register.positions(log);
                waiting.removeIf(question -> {
                    PassedEnds ends = new PassedEnds(log, question.ends);
                    return ends.passedBy(positions) && question.answer.complete(ends);
                });
            });
        } catch (RuntimeException e) {
            LOG.debug("positions could not be read; retrying", e);
        }
        if (!waiting.isEmpty() && !checkScheduled) {
            checkScheduled = true;
            var unused = thread.schedule(
                    () -> {
                        checkScheduled = false;
                        check();
                    },
                    CHECK_INTERVAL_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    private void surveyIfDue() {
        long now = System.nanoTime();
        boolean follows = health instanceof RegisterHealth.Following;
        if (!surveying && (!follows || now - surveyedNanos >= SURVEY_INTERVAL_NANOS)) {
            surveying = true;
            surveyedNanos = now;
            survey();
        }
    }

    /** A consumer does not report that Kafka is gone, it just returns no records; so Kafka is queried periodically. */
    private void survey() {
        // Before the query: events acknowledged meanwhile may or may not be in the answer.
        Map<LogPartition, Long> least = new HashMap<>();
        allPartitions(settings)
                .forEach(partition -> least.put(partition, acknowledged.end(partition.topic(), partition.partition())));
        Map<LogPartition, CompletableFuture<Long>> ends = ends(least.keySet());
        if (source.isEmpty()) {
            var unused = admin.describeCluster()
                    .clusterId()
                    .toCompletionStage()
                    .thenAccept(id -> thread.execute(() -> {
                        source = Optional.of(new LogSource(id, settings.topicPrefix()));
                        check();
                    }));
        }
        var unused = all(ends.values()).whenComplete((done, failure) -> {
            thread.execute(() -> {
                surveying = false;
                if (failure == null) {
                    source.ifPresent(log -> measure(log, ends, least));
                } else {
                    interrupted(kind(failure));
                }
            });
        });
    }

    private void measure(
            LogSource log, Map<LogPartition, CompletableFuture<Long>> found, Map<LogPartition, Long> least) {
        Map<LogPartition, Long> ends = new HashMap<>();
        found.forEach((partition, end) ->
                ends.put(partition, notUnderstated(partition, end.join(), least.getOrDefault(partition, 0L))));
        try {
            Map<LogPartition, Long> positions = register.positions(log);
            long behind = ends.entrySet().stream()
                    .mapToLong(end -> Math.max(0, end.getValue() - positions.getOrDefault(end.getKey(), 0L)))
                    .sum();
            if (positions.isEmpty() && !register.positions().isEmpty()) {
                interrupted(ForeignRegister.ANOTHER_LOG);
            } else if (positions.isEmpty()) {
                health = new RegisterHealth.Starting();
            } else if (new PassedEnds(log, surveyed).passedBy(positions)) {
                health = new RegisterHealth.Following(behind);
            } else {
                Instant since = health instanceof RegisterHealth.Behind before ? before.since() : Instant.now();
                health = new RegisterHealth.Behind(since, behind);
            }
            surveyed = ends;
        } catch (RuntimeException e) {
            interrupted(e instanceof RegisterUnavailable ? String.valueOf(e.getMessage()) : kind(e));
        }
    }

    private void interrupted(String reason) {
        Instant since = health instanceof RegisterHealth.Interrupted before ? before.since() : Instant.now();
        health = new RegisterHealth.Interrupted(since, reason);
    }

    private static long notUnderstated(LogPartition partition, long end, long least) {
        if (end < least) {
            LOG.warn(
                    "the leader of {} says that it ends at {}, but {} was acknowledged: it is no longer the leader, or the"
                            + " log has lost events",
                    partition,
                    end,
                    least - 1);
        }
        return Math.max(end, least);
    }

    /** Every partition of every kept topic. */
    static List<LogPartition> allPartitions(EventLogSettings settings) {
        List<LogPartition> partitions = new ArrayList<>();
        for (Topic topic : Register.keptTopics()) {
            for (int partition = 0; partition < settings.partitions(); partition++) {
                partitions.add(new LogPartition(topic, partition));
            }
        }
        return partitions;
    }

    private static RegisterBehind closed() {
        return new RegisterBehind("the register is being closed");
    }

    /** Fails the pending queries. */
    @Override
    public void close() {
        thread.execute(() -> {
            unasked.forEach(question -> question.answer.completeExceptionally(closed()));
            waiting.forEach(question -> question.answer.completeExceptionally(closed()));
        });
        thread.shutdown();
    }
}
