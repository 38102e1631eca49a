package org.brokerhandoff.ingest.intake;

import java.util.List;
import org.brokerhandoff.ingest.accept.Fault;
import org.brokerhandoff.ingest.policy.PolicyVerdict;

/** The answer to a website's signup request. */
public sealed interface SignupAnswer {
    /** It was valid; with the outcome. */
    record Taken(IntakeOutcome outcome) implements SignupAnswer {}

    /** Not JSON. */
    record Malformed() implements SignupAnswer {}

    /** Rules of the request are broken. */
    record Invalid(List<Fault> faults) implements SignupAnswer {}

    /** The policy it names may not be named. */
    record PolicyRefused(PolicyVerdict.Refused verdict) implements SignupAnswer {}
}
