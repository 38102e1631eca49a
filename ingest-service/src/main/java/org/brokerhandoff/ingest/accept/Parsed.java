package org.brokerhandoff.ingest.accept;

import java.util.List;

/** What the body of a request turned out to be. */
public sealed interface Parsed<T> {
    /** All rules kept. */
    record Valid<T>(T value) implements Parsed<T> {}

    /** JSON, but not what it should be; everything that is wrong with it, at least one. */
    record Invalid<T>(List<Fault> faults) implements Parsed<T> {}

    /** Not JSON in UTF-8. */
    record Malformed<T>() implements Parsed<T> {}
}
