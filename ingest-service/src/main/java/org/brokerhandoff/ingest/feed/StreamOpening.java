package org.brokerhandoff.ingest.feed;

/** Outcome of opening a stream. */
public sealed interface StreamOpening {
    /** It begins as soon as it has a sink. */
    record Open(FeedStream stream) implements StreamOpening {}

    /** The position does not belong to this log. */
    record UnknownPosition() implements StreamOpening {}

    /** The owner has reached its limit of open streams. */
    record TooManyOfOwner() implements StreamOpening {}

    /** This process has reached its limit of open streams. */
    record TooMany() implements StreamOpening {}
}
