package org.brokerhandoff.operations.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds of a server's connections.
 *
 * @param total connections at the same time
 * @param perAddress those of them from one address
 * @param head time limit from a connection's start to the end of its first request's headers
 * @param body time limit for a request's body
 * @param idle time limit from a request's end to the end of the next one's headers
 */
public record ConnectionLimits(int total, int perAddress, Duration head, Duration body, Duration idle) {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

    private static final int LEAST = 16;

    /** File descriptors reserved for files, Kafka, the register and the other servers. */
    private static final int RESERVED_DESCRIPTORS = 100;

    public ConnectionLimits {
        if (total < 1 || perAddress < 1) {
            throw new IllegalArgumentException("at least one connection must be allowed");
        }
    }

    /** The default time limits: 10 s for the headers, 20 s for the body, 60 s idle. */
    public static ConnectionLimits of(int total, int perAddress) {
        return new ConnectionLimits(
                total, perAddress, Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(60));
    }

    /** Limits of a server for health and metrics. */
    public static ConnectionLimits forOperations() {
        return of(32, 16);
    }

    /**
     * These, or fewer connections if the process has too few file descriptors: a connection that cannot be accepted locks everybody out, a
     * refused one does not. An address then gets at most half.
     */
    public ConnectionLimits withinDescriptors() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return this;
        }
        ConnectionLimits within =
                within(system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - RESERVED_DESCRIPTORS);
        if (!within.equals(this)) {
            LOG.warn(
                    "file descriptors suffice for {} of {} HTTP connections, {} from one address: raise the process's limit (ulimit -n)",
                    within.total,
                    total,
                    within.perAddress);
        }
        return within;
    }

    ConnectionLimits within(long descriptors) {
        if (descriptors >= total) {
            return this;
        }
        int most = (int) Math.max(LEAST, descriptors);
        return new ConnectionLimits(
                Math.min(total, most), Math.min(perAddress, Math.max(1, most / 2)), head, body, idle);
    }
}
