package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** The clock of all services of a rig, with an offset: a file with milliseconds that each of them adds to the host's time. */
final class SteppedClock {
    private final Path offset;

    /** A clock without an offset; its file is in {@code directory}, which a rig must not empty. */
    SteppedClock(Path directory) throws IOException {
        Files.createDirectories(directory);
        this.offset = directory.toAbsolutePath().resolve("clock-offset");
        step(Duration.ZERO);
    }

    /** The option by which a service's JVM reads it. */
    String javaOption() {
        return "-Dorg.brokerhandoff.test.clock-offset-file=" + offset;
    }

    /** Sets the offset from now on. */
    void step(Duration ahead) throws IOException {
        Path next = offset.resolveSibling("clock-offset-next");
        Files.writeString(next, String.valueOf(ahead.toMillis()));
        // The services read it all the time, and must never see a partial number.
        Files.move(next, offset, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
