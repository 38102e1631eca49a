package org.brokerhandoff.bench.hosts;

import java.io.IOException;

/** The hosts of a run. */
public interface Hosts extends AutoCloseable {
    /** Address of the caller's own process, for the others. */
    String own();

    /** Whether they are hosts of their own, which share no file. */
    boolean separate();

    /** A further host. */
    Host host(String name) throws IOException, InterruptedException;

    /** Removes them; their processes have ended. */
    @Override
    void close();
}
