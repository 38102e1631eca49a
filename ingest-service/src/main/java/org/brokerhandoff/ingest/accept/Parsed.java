package org.brokerhandoff.ingest.accept;

import java.util.List;

/** Result of parsing a request's body. */
public sealed interface Parsed<T> {
    /** All rules kept. */
    record Valid<T>(T value) implements Parsed<T> {}

    /** JSON, but invalid; all its faults, at least one. */
    record Invalid<T>(List<Fault> faults) implements Parsed<T> {}

    /** Not JSON in UTF-8. */
    record Malformed<T>() implements Parsed<T> {}
}
