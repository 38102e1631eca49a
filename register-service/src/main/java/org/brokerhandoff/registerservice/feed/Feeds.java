package org.brokerhandoff.registerservice.feed;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.register.feed.FeedOwners;
import org.brokerhandoff.router.directory.DirectoryProblem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feeds in force. The file, and the files it names, are reloaded periodically and compared by content; an invalid version is not used,
 * and the previous one stays. A new feed starts at the newest, a removed one ends, and another version of one continues from its position.
 */
public final class Feeds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);
    private static final Duration LATE = Duration.ofMinutes(15);

    private final Path file;
    private final FeedOwners owners;
    private final FeedSender.Surroundings surroundings;
    private final InstantSource clock;
    private final FeedMeters meters;
    private final Map<String, FeedSender> senders = new ConcurrentSkipListMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "feeds");
        thread.setDaemon(true);
        return thread;
    });
    private volatile List<DirectoryProblem> problems = List.of();
    /** On the timer's thread, after the start. */
    private String contents = "";

    private Feeds(
            Path file,
            FeedOwners owners,
            FeedSender.Surroundings surroundings,
            InstantSource clock,
            MeterRegistry meters) {
        this.file = file;
        this.owners = owners;
        this.surroundings = surroundings;
        this.clock = clock;
        this.meters = new FeedMeters(meters, clock);
    }

    /**
     * Checks the file, without using it.
     *
     * @throws InvalidFeeds with all problems together
     */
    public static void check(Path file) {
        FeedsFile.Reading reading = FeedsFile.read(file);
        if (!reading.problems().isEmpty()) {
            throw new InvalidFeeds(file, reading.problems());
        }
    }

    /**
     * Starts to send as {@code file} says, and reloads it from then on.
     *
     * @param period interval between reloads
     */
    static Feeds start(
            Path file,
            Duration period,
            FeedOwners owners,
            FeedSender.Surroundings surroundings,
            InstantSource clock,
            MeterRegistry meters) {
        Feeds feeds = new Feeds(file, owners, surroundings, clock, meters);
        var unused = feeds.timer.scheduleWithFixedDelay(feeds::lookSafely, 0, period.toMillis(), TimeUnit.MILLISECONDS);
        return feeds;
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again.
            LOG.error(
                    "the feeds file could not be checked for changes: {}",
                    e.getClass().getSimpleName());
        }
    }

    private void look() {
        FeedsFile.Reading reading = FeedsFile.read(file);
        if (reading.contents().equals(contents)) {
            return;
        }
        contents = reading.contents();
        problems = reading.problems();
        if (!problems.isEmpty()) {
            LOG.error(
                    "{} has {} problem(s); the previous version stays in force: {}",
                    file,
                    problems.size(),
                    problems.stream().map(DirectoryProblem::toString).collect(Collectors.joining("; ")));
            return;
        }
        Set<String> left = new HashSet<>(senders.keySet());
        for (Feed feed : reading.feeds()) {
            left.remove(feed.id());
            FeedSender known = senders.get(feed.id());
            if (known != null) {
                known.use(feed);
            } else {
                FeedSender sender = new FeedSender(feed, owners, surroundings, clock, meters);
                senders.put(feed.id(), sender);
                meters.show(sender);
                sender.start();
            }
        }
        left.forEach(this::end);
        LOG.info("{} feeds are in force", reading.feeds().size());
    }

    private void end(String id) {
        FeedSender sender = senders.remove(id);
        if (sender != null) {
            meters.hide(id);
            sender.close();
        }
    }

    /** Whether the receivers accept their entries, and without delay. */
    public Health health() {
        if (!problems.isEmpty()) {
            return Health.impaired(
                    "feeds-invalid",
                    "the feeds in use are older than their file, which has " + problems.size()
                            + " problem(s); the log lists them");
        }
        Map<String, String> details = new TreeMap<>();
        Set<String> gone = new HashSet<>();
        Set<String> late = new HashSet<>();
        Instant now = clock.instant();
        senders.forEach((id, sender) -> {
            FeedState state = sender.state();
            if (state.stopped()) {
                gone.add(id);
            } else if (state.waitsSince()
                            .filter(since -> since.plus(LATE).isBefore(now))
                            .isPresent()
                    || !state.waitingFor().isEmpty()) {
                late.add(id);
            }
            details.put(
                    id,
                    state.recordsBehind() + " records behind"
                            + state.waitsSince()
                                    .map(since -> ", an entry of " + since + " waits")
                                    .orElse(""));
        });
        if (!gone.isEmpty()) {
            return Health.impaired("feed-gone", "answered 410, so nothing is sent to: " + String.join(", ", gone));
        }
        return late.isEmpty()
                ? Health.healthy(details)
                : Health.impaired(
                        "feeds-behind",
                        "not told for " + LATE.toMinutes() + " minutes, or cannot read: " + String.join(", ", late));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        List.copyOf(senders.keySet()).forEach(this::end);
    }
}
