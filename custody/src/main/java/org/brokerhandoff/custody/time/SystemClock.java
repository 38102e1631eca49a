package org.brokerhandoff.custody.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clocks of the host this process runs on: the JDK's wall clock, and Linux' {@code /proc/uptime} (CLOCK_BOOTTIME, to 10 ms) and boot
 * id. Elsewhere {@link System#nanoTime} and an id that is new in each process: then nothing is known across a restart.
 *
 * <p>For tests with real processes, the system property {@link #TEST_OFFSET_FILE} names a file with a number of milliseconds that is
 * added to the wall clock. It is read at every reading; each process that has it says so in its log, as an error.
 */
final class SystemClock implements HostClock {
    private static final Logger LOG = LoggerFactory.getLogger(SystemClock.class);
    static final String TEST_OFFSET_FILE = "org.brokerhandoff.test.clock-offset-file";

    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    /** Between two readings of the uptime that enclose one of the wall clock; else the thread was stopped in between. */
    private static final Duration ONE_MOMENT = Duration.ofMillis(50);

    private static final int MOST_TRIES = 20;

    private final Clock wall = Clock.systemUTC();
    private final Optional<UUID> bootId;
    private final UUID ofThisProcess = UUID.randomUUID();
    private final Optional<Path> testOffset;

    private SystemClock(Optional<UUID> bootId, Optional<Path> testOffset) {
        this.bootId = bootId;
        this.testOffset = testOffset;
    }

    static SystemClock ofThisHost() {
        Optional<Path> offset =
                Optional.ofNullable(System.getProperty(TEST_OFFSET_FILE)).map(Path::of);
        offset.ifPresent(file -> LOG.error("THE CLOCK IS CHANGED FOR A TEST by the content of {}", file));
        return new SystemClock(bootId(), offset);
    }

    private static Optional<UUID> bootId() {
        try {
            return Files.isReadable(UPTIME)
                    ? Optional.of(UUID.fromString(Files.readString(BOOT_ID).strip()))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            LOG.info("this host has no boot id: the time must be confirmed after each start");
            return Optional.empty();
        }
    }

    @Override
    public ClockReading read() {
        for (int tries = 1; ; tries++) {
            Duration before = sinceBoot();
            Instant now = wall.instant().plusMillis(testOffsetMillis());
            Duration after = sinceBoot();
            if (after.minus(before).compareTo(ONE_MOMENT) <= 0 || tries == MOST_TRIES) {
                return new ClockReading(now, bootId.orElse(ofThisProcess), after);
            }
        }
    }

    private Duration sinceBoot() {
        if (bootId.isEmpty()) {
            return Duration.ofNanos(System.nanoTime()).plusMillis(Long.MAX_VALUE / 1_000_000 / 1_000);
        }
        try {
            String text = Files.readString(UPTIME);
            int dot = text.indexOf('.');
            return Duration.ofSeconds(Long.parseLong(text.substring(0, dot)))
                    .plusMillis(10L * Long.parseLong(text.substring(dot + 1, text.indexOf(' '))));
        } catch (IOException e) {
            throw new UncheckedIOException(UPTIME + " cannot be read", e);
        }
    }

    private long testOffsetMillis() {
        if (testOffset.isEmpty()) {
            return 0;
        }
        try {
            String text = Files.readString(testOffset.get()).strip();
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (IOException e) {
            return 0;
        }
    }
}
