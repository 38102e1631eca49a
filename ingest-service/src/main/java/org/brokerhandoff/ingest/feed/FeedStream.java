package org.brokerhandoff.ingest.feed;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.WakeupException;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.register.LogPartition;
import org.brokerhandoff.register.OpenRightsRequest;
import org.brokerhandoff.register.RegisterBehind;
import org.brokerhandoff.register.RegisterUnavailable;
import org.brokerhandoff.register.SignupOwner;
import org.brokerhandoff.register.feed.FeedEntry;
import org.brokerhandoff.register.feed.FeedOwners;
import org.brokerhandoff.register.feed.FeedPosition;
import org.brokerhandoff.register.feed.FeedReader;
import org.brokerhandoff.register.feed.FeedRules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open stream, on its own thread: reads the log, looks up the owners of the signups, writes, and waits until the connection has taken the
 * lines before it reads on. Its memory is bounded however slow the reader is; a reader that takes nothing for {@link #SLOWEST} is
 * disconnected.
 */
public final class FeedStream {
    private static final Logger LOG = LoggerFactory.getLogger(FeedStream.class);

    /** Longest time for one write to be taken. */
    private static final Duration SLOWEST = Duration.ofSeconds(20);

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration DEADLINES = Duration.ofSeconds(30);
    /** Maximum clock skew between hosts: a new request is not reported so early that a reader could miss it. */
    private static final Duration CLOCK_MARGIN = Duration.ofMinutes(1);

    private static final Duration HAND_OVER = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final int MOST_OF_BATCH = 100;

    private final ApiKey key;
    private final Optional<FeedPosition> after;
    private final FeedOwners owners;
    private final BooleanSupplier allowed;
    private final InstantSource clock;
    private final Events events;
    private final CompletableFuture<StreamOpening> opening = new CompletableFuture<>();
    private final CompletableFuture<StreamSink> started = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<FeedReader> reading = Optional.empty();

    /** What was sent, on the stream's thread only. */
    private final Map<LogPartition, Long> next = new HashMap<>();

    private Instant deadlinesUntil = Instant.EPOCH;
    private long deadlinesNanos = System.nanoTime();
    private long writtenNanos = System.nanoTime();

    /**
     * Callbacks of a stream.
     *
     * @param told an entry was sent
     * @param slow it was closed because its reader is too slow
     * @param ended it is over
     */
    record Events(Runnable told, Runnable slow, Consumer<FeedStream> ended) {}

    FeedStream(
            ApiKey key,
            Optional<FeedPosition> after,
            FeedOwners owners,
            BooleanSupplier allowed,
            InstantSource clock,
            Events events) {
        this.key = key;
        this.after = after;
        this.owners = owners;
        this.allowed = allowed;
        this.clock = clock;
        this.events = events;
    }

    boolean isOf(String owner) {
        return key.owner().equals(owner);
    }

    CompletionStage<StreamOpening> begin(Supplier<FeedReader> readers) {
        Thread thread = new Thread(() -> run(readers), "ingest-feed");
        thread.setDaemon(true);
        thread.start();
        return opening;
    }

    /** Begins to write; to be called within seconds of opening, else the stream ends. */
    public void start(StreamSink sink) {
        started.complete(sink);
    }

    /** Ends it. */
    public void close() {
        closing.countDown();
        reading.ifPresent(FeedReader::wakeup);
    }

    void awaitEnd() {
        try {
            var unused = ended.await(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Supplier<FeedReader> readers) {
        try (FeedReader reader = readers.get()) {
            reading = Optional.of(reader);
            FeedPosition position = after.orElseGet(() -> reader.newest(clock.instant()));
            if (!reader.start(position)) {
                opening.complete(new StreamOpening.UnknownPosition());
                return;
            }
            next.putAll(position.next());
            deadlinesUntil = position.deadlinesUntil();
            opening.complete(new StreamOpening.Open(this));
            tellOn(reader);
        } catch (WakeupException | Closed e) {
            // Closed: the reader is gone, or the service is stopping.
        } catch (TimeoutException nobodyCame) {
            LOG.debug("a stream was opened and not used");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            opening.completeExceptionally(e);
            // The reader reconnects with its position, to this process or another.
            LOG.warn(
                    "an event stream ended: {}",
                    e instanceof UnknownSchema ? e.getMessage() : e.getClass().getSimpleName());
        } finally {
            opening.complete(new StreamOpening.TooMany());
            var unused = started.thenAccept(StreamSink::end);
            events.ended().accept(this);
            ended.countDown();
        }
    }

    private void tellOn(FeedReader reader) throws InterruptedException, TimeoutException {
        StreamSink sink;
        try {
            sink = started.get(HAND_OVER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        write(sink, StreamText.begin(position()));
        while (open()) {
            List<FeedReader.Placed> batch = reader.read(POLL, MOST_OF_BATCH);
            if (!batch.isEmpty()) {
                tell(sink, batch);
                // Everything handed out has been sent.
                next.putAll(reader.positions());
            }
            if (System.nanoTime() - deadlinesNanos > DEADLINES.toNanos()) {
                tellDeadlines(sink);
                deadlinesNanos = System.nanoTime();
            }
            keepAlive(sink);
        }
    }

    private boolean open() {
        return closing.getCount() > 0 && allowed.getAsBoolean();
    }

    private void tell(StreamSink sink, List<FeedReader.Placed> batch) throws InterruptedException {
        List<FeedEntry> entries = batch.stream().map(FeedReader.Placed::entry).toList();
        Map<UUID, SignupOwner> whose = whose(sink, entries);
        StringBuilder lines = new StringBuilder();
        for (FeedReader.Placed placed : batch) {
            next.put(placed.at(), placed.offset() + 1);
            append(lines, placed.entry(), whose);
        }
        if (!lines.isEmpty()) {
            write(sink, lines.toString());
        }
    }

    private void tellDeadlines(StreamSink sink) throws InterruptedException {
        Instant until = clock.instant().minus(CLOCK_MARGIN);
        if (!until.isAfter(deadlinesUntil)) {
            return;
        }
        List<OpenRightsRequest> due = FeedRules.deadlines(asked(sink, owners::openRequests), deadlinesUntil, until);
        Map<UUID, SignupOwner> whose =
                whose(sink, due.stream().map(FeedRules::deadlineNear).toList());
        StringBuilder lines = new StringBuilder();
        for (int at = 0; at < due.size(); at++) {
            // Entries of the same moment are sent again together.
            deadlinesUntil = at + 1 < due.size() ? FeedRules.toldAt(due.get(at + 1)) : until;
            append(lines, FeedRules.deadlineNear(due.get(at)), whose);
        }
        deadlinesUntil = until;
        if (!lines.isEmpty()) {
            write(sink, lines.toString());
        }
    }

    private Map<UUID, SignupOwner> whose(StreamSink sink, List<FeedEntry> entries) throws InterruptedException {
        List<UUID> signups =
                entries.stream().flatMap(entry -> entry.signupId().stream()).toList();
        return asked(sink, () -> owners.of(signups));
    }

    private void append(StringBuilder lines, FeedEntry entry, Map<UUID, SignupOwner> whose) {
        FeedRules.told(entry, whose, key::mayActOn).ifPresent(told -> {
            lines.append(StreamText.entry(told, position()));
            events.told().run();
        });
    }

    /** Retries the register until it answers: meanwhile nothing is sent, and nothing is skipped. */
    private <T> T asked(StreamSink sink, Supplier<T> question) throws InterruptedException {
        while (true) {
            try {
                return question.get();
            } catch (RegisterBehind | RegisterUnavailable e) {
                if (!open()) {
                    throw new Closed();
                }
                keepAlive(sink);
                var unused = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void keepAlive(StreamSink sink) throws InterruptedException {
        if (System.nanoTime() - writtenNanos > HEARTBEAT.toNanos()) {
            write(sink, StreamText.heartbeat(position()));
        }
    }

    private void write(StreamSink sink, String lines) throws InterruptedException {
        try {
            sink.write(lines).toCompletableFuture().get(SLOWEST.toMillis(), TimeUnit.MILLISECONDS);
            writtenNanos = System.nanoTime();
        } catch (TimeoutException e) {
            events.slow().run();
            sink.abort();
            throw new Closed();
        } catch (ExecutionException e) {
            throw new Closed();
        }
    }

    private String position() {
        return new FeedPosition(next, deadlinesUntil).encode(owners.partitions());
    }

    /** Its reader is gone. */
    private static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closed() {
            super(null, null, false, false);
        }
    }
}
