package org.brokerhandoff.ingest.accept;

import java.util.List;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.ingest.domain.Signup;

/** What the body of a signup request turned out to be. */
public sealed interface ParsedSignup {
    /** All rules kept; whoever takes it wipes {@code person}. */
    record Valid(Signup signup, PersonalData person) implements ParsedSignup {}

    /**
     * JSON, but not a signup.
     *
     * @param faults everything that is wrong, at least one
     * @param onlyAge whether the one fault is that the consent is too old, so that the same body was valid earlier
     */
    record Invalid(List<Fault> faults, boolean onlyAge) implements ParsedSignup {}

    /** Not JSON in UTF-8. */
    record Malformed() implements ParsedSignup {}
}
