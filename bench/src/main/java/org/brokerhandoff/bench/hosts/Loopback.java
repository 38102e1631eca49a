package org.brokerhandoff.bench.hosts;

import java.util.List;

/** No hosts: everything is on this machine and cannot be cut off. */
public final class Loopback implements Hosts {
    private static final String ADDRESS = "127.0.0.1";

    @Override
    public String own() {
        return ADDRESS;
    }

    @Override
    public boolean separate() {
        return false;
    }

    @Override
    public Host host(String name) {
        return new Host(ADDRESS, List.of(), in -> {
            throw new UnsupportedOperationException("loopback has no cable");
        });
    }

    @Override
    public void close() {
        // Nothing was made.
    }
}
