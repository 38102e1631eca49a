package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Periodically notes the ends of some topics, so that a later start need not read what is before. The noted mark is one period old: copying
 * the place where it is stored takes a while, and the copy must not have a mark newer than its other content.
 */
public final class LogMarks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogMarks.class);
    /** A start reads the events of two periods, and those of the process's downtime. */
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "log-marks");
        thread.setDaemon(true);
        return thread;
    });
    private final Admin admin;
    private final EventLogSettings settings;
    private final InstantSource clock;
    private final Consumer<byte[]> keeper;
    /** Confined to the timer's thread. */
    private Optional<LogMark> last = Optional.empty();

    private LogMarks(Admin admin, EventLogSettings settings, InstantSource clock, Consumer<byte[]> keeper) {
        this.admin = admin;
        this.settings = settings;
        this.clock = clock;
        this.keeper = keeper;
    }

    /**
     * Notes marks of the topics that {@link PurgedSlots} reads until it is closed.
     *
     * @param admin remains owned by the caller
     * @param keeper stores an encoded mark; may refuse by an exception
     */
    public static LogMarks start(Admin admin, EventLogSettings settings, InstantSource clock, Consumer<byte[]> keeper) {
        return start(admin, settings, clock, keeper, PERIOD);
    }

    /** As above, with another period. */
    static LogMarks start(
            Admin admin, EventLogSettings settings, InstantSource clock, Consumer<byte[]> keeper, Duration period) {
        LogMarks marks = new LogMarks(admin, settings, clock, keeper);
        var unused = marks.timer.scheduleWithFixedDelay(marks::look, 0, period.toMillis(), TimeUnit.MILLISECONDS);
        return marks;
    }

    private void look() {
        try {
            last.map(LogMark::encoded).ifPresent(keeper);
            last = Optional.of(LogMark.now(admin, settings, PurgedSlots.TOPICS, clock.instant()));
        } catch (RuntimeException | InternalError e) {
            // A fault of a mapped file throws InternalError; a scheduled task that throws is never run again.
            LOG.warn("the end of the log is not recorded: {}", e.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        // Not interrupted: an interrupt would close the channel of the file that stores the marks.
        timer.shutdown();
        try {
            if (!timer.awaitTermination(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("a mark is still being recorded");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
