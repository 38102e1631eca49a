package org.brokerhandoff.ingest.accept;

import java.util.List;
import org.brokerhandoff.ingest.domain.CookieChoice;

/** Result of parsing the body of a request with a choice of cookies. */
public sealed interface ParsedCookieChoice {
    /** All rules kept; whether the document may be named is not checked here. */
    record Valid(CookieChoice choice) implements ParsedCookieChoice {}

    /** JSON, but not a choice. */
    record Invalid(List<Fault> faults) implements ParsedCookieChoice {}

    /** Not JSON in UTF-8. */
    record Malformed() implements ParsedCookieChoice {}
}
