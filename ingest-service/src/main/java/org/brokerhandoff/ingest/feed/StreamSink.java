package org.brokerhandoff.ingest.feed;

import java.util.concurrent.CompletionStage;

/** Destination of a stream. Thread-safe. */
public interface StreamSink {
    /** Writes some lines; completes when the connection has taken them, and fails if it is closed. */
    CompletionStage<Void> write(String lines);

    /** Ends the response. */
    void end();

    /** Closes the connection: the peer does not read. */
    void abort();
}
