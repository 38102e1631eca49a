package org.brokerhandoff.ingest.feed;

/** What became of the wish to be told. */
public sealed interface StreamOpening {
    /** It begins as soon as it has somewhere to go. */
    record Open(FeedStream stream) implements StreamOpening {}

    /** The position is none of this log. */
    record UnknownPosition() implements StreamOpening {}

    /** The owner has as many open as it may have. */
    record TooManyOfOwner() implements StreamOpening {}

    /** This process has as many open as it may have. */
    record TooMany() implements StreamOpening {}
}
