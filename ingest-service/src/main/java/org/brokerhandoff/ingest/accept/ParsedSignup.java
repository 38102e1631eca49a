package org.brokerhandoff.ingest.accept;

import java.util.List;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.ingest.domain.Signup;

/** What the body of a signup request turned out to be. */
public sealed interface ParsedSignup {
    /** All rules kept; the caller wipes {@code person}. */
    record Valid(Signup signup, PersonalData person) implements ParsedSignup {}

    /** JSON, but not a signup; everything that is wrong with it, at least one. */
    record Invalid(List<Fault> faults) implements ParsedSignup {}

    /** Not JSON in UTF-8. */
    record Malformed() implements ParsedSignup {}
}
