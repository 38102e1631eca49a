package org.brokerhandoff.registerservice.feed;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.register.feed.FeedEntry;
import org.brokerhandoff.register.feed.FeedGroup;
import org.brokerhandoff.register.feed.FeedOwners;
import org.brokerhandoff.register.feed.FeedPosition;
import org.brokerhandoff.router.deliver.WebhookClient;
import org.brokerhandoff.router.deliver.WebhookReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one feed's webhooks, on a separate thread: reads what its group assigns, and sends each partition number's entries serially, several
 * numbers in parallel. Failures are retried with exponential back-off, without delaying other receivers. Progress is committed every second,
 * so that after a crash at most the entries of that second are sent again, with the same ids.
 */
final class FeedSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedSender.class);
    private static final Duration IDLE = Duration.ofMillis(250);
    private static final Duration REPLY_WAIT = Duration.ofMillis(20);
    private static final Duration COMMIT = Duration.ofSeconds(1);
    private static final Duration DEADLINES = Duration.ofSeconds(30);
    private static final Duration MEASURE = Duration.ofSeconds(5);
    /** A receiver that accepted nothing for this long, and then something, was down. */
    private static final Duration AWAY = Duration.ofSeconds(30);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final Surroundings surroundings;
    private final InstantSource clock;
    private final FeedMeters meters;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private volatile Feed feed;
    private volatile FeedState state = FeedState.STARTING;

    /** On this thread only, as are all below. */
    private final FeedLanes lanes;

    private Feed sentBy;
    private boolean stopped;
    private int underWay;
    /** Until when sending pauses, at the receiver's request. */
    private long notBeforeNanos = System.nanoTime();

    private long takenNanos = System.nanoTime();
    private final Due commit = new Due(COMMIT);
    private final Due deadlines = new Due(DEADLINES);
    private final Due measure = new Due(MEASURE);

    /** Its group and its client. */
    interface Surroundings {
        /** Joins the group of a feed. */
        FeedGroup join(String feedId, FeedGroup.Member member);

        /** Sends an entry once; never fails. */
        CompletionStage<WebhookReply> post(Feed feed, FeedEntry entry);
    }

    private record Reply(FeedLane lane, WebhookReply reply) {}

    /** Whether a periodic task is due. */
    private static final class Due {
        private final long periodNanos;
        private long doneNanos;

        Due(Duration period) {
            periodNanos = period.toNanos();
            // Also immediately at the start.
            doneNanos = System.nanoTime() - periodNanos;
        }

        boolean now() {
            if (System.nanoTime() - doneNanos < periodNanos) {
                return false;
            }
            doneNanos = System.nanoTime();
            return true;
        }
    }

    FeedSender(Feed feed, FeedOwners owners, Surroundings surroundings, InstantSource clock, FeedMeters meters) {
        this.feed = feed;
        this.sentBy = feed;
        this.lanes = new FeedLanes(feed.id(), owners, clock);
        this.surroundings = surroundings;
        this.clock = clock;
        this.meters = meters;
        this.thread = new Thread(this::run, "feed-" + feed.id());
        thread.setDaemon(true);
    }

    FeedSender start() {
        thread.start();
        return this;
    }

    /** Continues with another version of the feed: other secrets, another address, other types. */
    void use(Feed next) {
        feed = next;
    }

    /** The version in use. */
    Feed feed() {
        return feed;
    }

    /** Its state. */
    FeedState state() {
        return state;
    }

    /** Ends it; work in progress may arrive, and is sent again. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean open() {
        return closing.getCount() > 0;
    }

    private void run() {
        String lastFailure = "";
        while (open()) {
            try (FeedGroup group = surroundings.join(feed.id(), lanes)) {
                while (open()) {
                    tell(group);
                    lastFailure = "";
                }
                commit(group);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                String failure = e instanceof UnknownSchema || e instanceof EventLogUnavailable
                        ? String.valueOf(e.getMessage())
                        : e.getClass().getSimpleName();
                if (!failure.equals(lastFailure)) {
                    LOG.warn("feed {} waits: {}", feed.id(), failure);
                }
                lastFailure = failure;
                state = state.waitingFor(failure);
                pause();
            } finally {
                lanes.taken();
            }
        }
    }

    private void pause() {
        try {
            var unused = closing.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closing.countDown();
            Thread.currentThread().interrupt();
        }
    }

    private void tell(FeedGroup group) throws InterruptedException {
        useNewest();
        group.poll(underWay > 0 || maySend() ? Duration.ZERO : IDLE);
        lanes.take(group, sentBy);
        if (!lanes.all().isEmpty() && deadlines.now()) {
            lanes.takeDeadlines(sentBy);
        }
        send();
        if (underWay > 0) {
            for (Reply reply = replies.poll(REPLY_WAIT.toMillis(), TimeUnit.MILLISECONDS);
                    reply != null;
                    reply = replies.poll()) {
                answered(reply);
            }
        }
        if (commit.now()) {
            commit(group);
        }
        if (measure.now()) {
            state = state(group.behind(lanes.positions()));
        }
    }

    private void useNewest() {
        Feed newest = feed;
        if (!newest.endpoint().equals(sentBy.endpoint())) {
            // The new version may fix the failure.
            stopped = false;
            notBeforeNanos = System.nanoTime();
            lanes.all().forEach(FeedLane::again);
        }
        sentBy = newest;
    }

    /** Whether something may be sent now. */
    private boolean maySend() {
        long nowNanos = System.nanoTime();
        return mayBegin(nowNanos)
                && lanes.all().stream().anyMatch(lane -> lane.turn(nowNanos).isPresent());
    }

    private boolean mayBegin(long nowNanos) {
        return !stopped
                && nowNanos - notBeforeNanos >= 0
                // A request queued for a connection would look like a receiver that does not answer.
                && underWay < WebhookClient.MOST_AT_ONCE_PER_ENDPOINT;
    }

    private void send() {
        long nowNanos = System.nanoTime();
        for (FeedLane lane : lanes.all()) {
            Optional<FeedEntry> turn = lane.turn(nowNanos);
            if (turn.isPresent() && mayBegin(nowNanos)) {
                lane.began();
                underWay++;
                var unused = surroundings
                        .post(sentBy, turn.get())
                        .exceptionally(failure -> new WebhookReply.NoAnswer())
                        .thenAccept(reply -> replies.add(new Reply(lane, reply)));
            }
        }
    }

    private void answered(Reply answer) {
        underWay--;
        FeedLane lane = answer.lane();
        long nowNanos = System.nanoTime();
        FeedStep step = FeedReplyRules.step(
                answer.reply(),
                lane.failures() + 1,
                clock.instant(),
                ThreadLocalRandom.current().nextDouble());
        meters.sent(feed.id(), step instanceof FeedStep.Told);
        if (step instanceof FeedStep.Told) {
            lane.told();
            if (nowNanos - takenNanos > AWAY.toNanos()) {
                // The receiver has recovered. A single entry that it never accepts does not matter here: others are
                // accepted all the time.
                lanes.all().forEach(FeedLane::again);
            }
            takenNanos = nowNanos;
        } else if (step instanceof FeedStep.Again again) {
            long againAtNanos = nowNanos + again.delay().toNanos();
            lane.failed(againAtNanos);
            if (again.everything()) {
                notBeforeNanos = againAtNanos;
            }
        } else {
            lane.failed(nowNanos);
            gone();
        }
    }

    private void gone() {
        if (!stopped) {
            LOG.warn(
                    "feed {}: its endpoint answered 410; nothing is sent until its entry changes or this service restarts",
                    feed.id());
        }
        stopped = true;
    }

    private void commit(FeedGroup group) {
        List<FeedPosition> moved =
                lanes.all().stream().flatMap(lane -> lane.moved().stream()).toList();
        if (!moved.isEmpty()) {
            group.commit(moved);
        }
    }

    private FeedState state(long recordsBehind) {
        return new FeedState("", stopped, lanes.waitsSince(), recordsBehind);
    }
}
