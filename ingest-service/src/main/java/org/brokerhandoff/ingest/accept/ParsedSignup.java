package org.brokerhandoff.ingest.accept;

import java.util.List;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.ingest.domain.Signup;

/** Result of parsing the body of a signup request. */
public sealed interface ParsedSignup {
    /** All rules kept; the caller wipes {@code person}. */
    record Valid(Signup signup, PersonalData person) implements ParsedSignup {}

    /** JSON, but not a signup; all its faults, at least one. */
    record Invalid(List<Fault> faults) implements ParsedSignup {}

    /** Not JSON in UTF-8. */
    record Malformed() implements ParsedSignup {}
}
