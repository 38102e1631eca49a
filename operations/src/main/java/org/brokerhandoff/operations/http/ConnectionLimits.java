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
 * @param head longest time from a connection's begin to the end of its first request's headers
 * @param body longest time for a request's body
 * @param idle longest time from a request's end to the end of the next one's headers
 */
public record ConnectionLimits(int total, int perAddress, Duration head, Duration body, Duration idle) {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

    private static final int LEAST = 16;

    /** Descriptors that are left for files, Kafka, the register and the other servers. */
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

    /** Those of a server for health and metrics. */
    public static ConnectionLimits forOperations() {
        return of(32, 16);
    }

    /**
     * These, or fewer connections where the process has not enough file descriptors for them: a connection that cannot be accepted locks
     * everybody out, one that is refused does not. An address gets at most half then.
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
