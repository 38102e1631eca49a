package org.brokerhandoff.ingest.accept;

import java.util.List;
import java.util.Optional;
import org.brokerhandoff.custody.PersonalData;

/** Result of parsing the body of a contact request. */
public sealed interface ParsedContact {
    /** All rules kept; the caller wipes {@code person}. */
    record Valid(Optional<String> language, PersonalData person) implements ParsedContact {}

    /** JSON, but not a contact message; all its faults, at least one. */
    record Invalid(List<Fault> faults) implements ParsedContact {}

    /** Not JSON in UTF-8. */
    record Malformed() implements ParsedContact {}
}
