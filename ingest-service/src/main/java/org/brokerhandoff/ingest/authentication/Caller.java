package org.brokerhandoff.ingest.authentication;

/** Who makes a request. */
public sealed interface Caller permits ApiKey, Caller.Anybody {
    /** Somebody who has shown nothing: for what everybody may read. */
    enum Anybody implements Caller {
        ANYBODY
    }
}
