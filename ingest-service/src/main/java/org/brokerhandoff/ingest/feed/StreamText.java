package org.brokerhandoff.ingest.feed;

import java.time.Duration;
import org.brokerhandoff.register.feed.FeedEntry;

/**
 * A stream's lines. Pure.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
final class StreamText {
    private static final Duration RETRY = Duration.ofSeconds(2);

    private StreamText() {}

    /** The start of a stream: the reconnection delay, and the position to resume from. */
    static String begin(String position) {
        return "retry: " + RETRY.toMillis() + "\nid: " + position + "\n\n";
    }

    /** An entry, and the position after it. JSON has no line ends. */
    static String entry(FeedEntry entry, String position) {
        return "id: " + position + "\ndata: " + entry.toJson() + "\n\n";
    }

    /** A comment, and a position without an entry: the reader stores it and reports nothing. */
    static String heartbeat(String position) {
        return ": heartbeat\nid: " + position + "\n\n";
    }
}
