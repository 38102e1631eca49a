package org.brokerhandoff.ingest.feed;

import java.util.concurrent.CompletionStage;

/** Where a stream goes. Thread-safe. */
public interface StreamSink {
    /** Writes some lines; completes when the connection has taken them, and fails if it is closed. */
    CompletionStage<Void> write(String lines);

    /** Ends the answer. */
    void end();

    /** Closes the connection: its other end does not read. */
    void abort();
}
