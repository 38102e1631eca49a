package org.brokerhandoff.ingest.cookies;

import java.time.Instant;
import org.brokerhandoff.ingest.domain.CookieChoice;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.ingest.policy.PolicyVerdict;

/** Outcome of recording a choice. */
public sealed interface ChoiceAnswer {
    /** It is in the log, and in effect. */
    record Recorded(CookieChoice choice, Instant recordedAt) implements ChoiceAnswer {}

    /** It accepts kinds under a text that may not be named. */
    record Refused(PolicyVerdict.Reason reason) implements ChoiceAnswer {}

    /** It cannot be recorded now. */
    record Unavailable(Unavailability reason) implements ChoiceAnswer {}
}
