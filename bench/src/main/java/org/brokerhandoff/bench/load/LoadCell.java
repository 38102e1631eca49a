package org.brokerhandoff.bench.load;

/**
 * One load: the broker's transport and latency, and the connections of the website.
 *
 * @param address the broker
 * @param connections connections to ingest
 */
public record LoadCell(StubAddress address, int connections) {
    /** For people. */
    public String name() {
        return (address.tls() ? "TLS" : "plain") + ", broker " + address.delayMillis() + " ms, " + connections
                + " connections";
    }
}
