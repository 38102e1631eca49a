package org.brokerhandoff.ingest.http;

import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import org.brokerhandoff.ingest.feed.FeedStreams;
import org.brokerhandoff.ingest.feed.StreamOpening;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.register.feed.FeedPosition;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/events}. */
final class FeedEndpoint {
    private static final String SECONDS_UNTIL_ONE_ENDS = "5";

    private final FeedStreams streams;

    FeedEndpoint(FeedStreams streams) {
        this.streams = streams;
    }

    void events(Exchange exchange) {
        Optional<String> after;
        try {
            after = exchange.query("after");
        } catch (Exchange.InvalidQuery e) {
            exchange.problem(400, "invalid-query");
            return;
        }
        // A reconnecting client repeats its first address, and sends its progress in the header.
        Optional<String> wanted = Optional.ofNullable(exchange.header("Last-Event-ID"))
                .filter(id -> !id.isEmpty())
                .or(() -> after);
        Optional<FeedPosition> position = wanted.flatMap(text -> FeedPosition.decode(text, streams.partitions()));
        if (wanted.isPresent() && position.isEmpty()) {
            exchange.problem(400, "unknown-position");
        } else if (exchange.isHead()) {
            exchange.streamHead();
        } else {
            exchange.whenDone(
                    streams.open(exchange.key(), position), (opening, failure) -> answer(exchange, opening, failure));
        }
    }

    private static void answer(Exchange exchange, @Nullable StreamOpening opening, @Nullable Throwable failure) {
        if (opening instanceof StreamOpening.Open open) {
            exchange.stream(open.stream());
        } else if (opening instanceof StreamOpening.UnknownPosition) {
            exchange.problem(400, "unknown-position");
        } else if (opening instanceof StreamOpening.TooManyOfOwner) {
            exchange.response().putHeader(HttpHeaders.RETRY_AFTER, SECONDS_UNTIL_ONE_ENDS);
            exchange.problem(429, "too-many-streams");
        } else if (opening instanceof StreamOpening.TooMany) {
            exchange.unavailable(Unavailability.OVERLOADED);
        } else {
            exchange.unavailable(Failures.kind(failure));
        }
    }
}
