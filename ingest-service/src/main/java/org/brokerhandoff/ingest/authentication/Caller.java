package org.brokerhandoff.ingest.authentication;

/** Who makes a request. */
public sealed interface Caller permits ApiKey, Caller.Anybody {
    /** A caller without a key: for what is public. */
    enum Anybody implements Caller {
        ANYBODY
    }
}
