package org.brokerhandoff.erasure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.erasure.files.LogDirectories;
import org.brokerhandoff.erasure.look.Held;
import org.brokerhandoff.erasure.look.Look;
import org.brokerhandoff.erasure.look.ReportPlanner;
import org.brokerhandoff.erasure.look.ReportPlanner.Report;
import org.brokerhandoff.erasure.look.ReportPlanner.Reported;
import org.brokerhandoff.erasure.look.SealedPartition;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one broker's files, again and again, and publishes what it finds. One thread.
 *
 * <p>It keeps nothing: killed at any moment, it reports every partition again at its next start. A report that Kafka has not
 * acknowledged counts as not made and is made again from the next look.
 */
public final class ErasureAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ErasureAgent.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

    private final LogDirectories directories;
    private final Look look;
    private final ReportPlanner planner;
    private final EventPublisher publisher;
    private final InstantSource clock;
    private final Duration period;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Reported reported = Reported.NOTHING;
    private boolean failing;
    private boolean unknownFiles;

    private ErasureAgent(ErasureAgentSettings settings, EventCodec codec, InstantSource clock) {
        this.look = new Look(settings.eventLog().topicPrefix());
        this.directories = new LogDirectories(settings.logDirectories(), look::concerns);
        this.planner = new ReportPlanner(settings.heartbeat());
        this.clock = clock;
        this.period = settings.lookPeriod();
        LOG.info(
                "watching the log directories of Kafka broker {}",
                directories.owner().broker());
        this.publisher = new EventPublisher(new KafkaClients(settings.eventLog()), codec, "/erasure-agent", clock);
        this.thread = new Thread(this::run, "erasure-agent");
    }

    /**
     * Starts an agent.
     *
     * @throws org.brokerhandoff.erasure.files.LogDirectoriesUnusable if the directories are not one broker's, or cannot be read
     */
    public static ErasureAgent start(ErasureAgentSettings settings) {
        ErasureAgent agent = new ErasureAgent(settings, new EventCodec(), InstantSource.system());
        agent.thread.start();
        return agent;
    }

    /** Whether the thread is alive. */
    public boolean running() {
        return thread.isAlive();
    }

    private void run() {
        while (closed.getCount() > 0) {
            pause(cycle() ? period : PAUSE_AFTER_FAILURE);
        }
    }

    private boolean cycle() {
        try {
            look();
            if (failing) {
                LOG.info("scanning and reporting again");
            }
            failing = false;
            return true;
        } catch (RuntimeException e) {
            // While it fails nothing is reported, and the router takes the agent for dead: claims then
            // stop short of ERASED.
            if (!failing && closed.getCount() > 0) {
                LOG.warn("cannot scan or report: {}", e.getMessage());
            }
            failing = true;
            return false;
        }
    }

    private void look() {
        // Read before the directories are: what a report says was so at this moment or later.
        Instant observedAt = clock.instant();
        // Each time: a disk may be exchanged under a running agent.
        LogDirectories.Owner owner = directories.owner();
        SortedMap<SealedPartition, Held> held = look.held(directories.list());
        warnOfUnknownFiles(held);
        Map<Report, CompletableFuture<?>> published = new LinkedHashMap<>();
        for (Report report : planner.due(held, reported, observedAt)) {
            published.put(
                    report,
                    publisher
                            .publishTo(
                                    Topic.PURGES,
                                    report.partition().partition(),
                                    LogErasedEvents.of(report, owner, observedAt))
                            .toCompletableFuture());
        }
        boolean all = true;
        for (Map.Entry<Report, CompletableFuture<?>> each : published.entrySet()) {
            if (Await.acknowledged(each.getValue())) {
                reported = reported.with(each.getKey(), observedAt);
            } else {
                all = false;
            }
        }
        if (!all) {
            throw new IllegalStateException("Kafka did not acknowledge every report");
        }
    }

    private void warnOfUnknownFiles(SortedMap<SealedPartition, Held> held) {
        boolean found = held.values().stream().anyMatch(each -> each.unknownFiles() > 0);
        if (found && !unknownFiles) {
            LOG.warn(
                    "{} has files that Kafka is not known to write; they may hold anything, so nothing there counts as"
                            + " erased",
                    held.entrySet().stream()
                            .filter(each -> each.getValue().unknownFiles() > 0)
                            .map(each ->
                                    each.getKey().topic() + "-" + each.getKey().partition())
                            .toList());
        }
        unknownFiles = found;
    }

    private void pause(Duration duration) {
        try {
            var unused = closed.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    /** Waits for the look that runs. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        publisher.close();
    }
}
