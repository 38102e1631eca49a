package org.brokerhandoff.ingest.accept;

import java.util.List;
import java.util.Optional;
import org.brokerhandoff.custody.PersonalData;

/** What the body of a contact request turned out to be. */
public sealed interface ParsedContact {
    /** All rules kept; the caller wipes {@code person}. */
    record Valid(Optional<String> language, PersonalData person) implements ParsedContact {}

    /** JSON, but not a contact message; everything that is wrong with it, at least one. */
    record Invalid(List<Fault> faults) implements ParsedContact {}

    /** Not JSON in UTF-8. */
    record Malformed() implements ParsedContact {}
}
