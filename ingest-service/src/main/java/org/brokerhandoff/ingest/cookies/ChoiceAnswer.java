package org.brokerhandoff.ingest.cookies;

import java.time.Instant;
import org.brokerhandoff.ingest.domain.CookieChoice;
import org.brokerhandoff.ingest.intake.Unavailability;

/** What came of recording a choice. */
public sealed interface ChoiceAnswer {
    /** It is in the log, and holds. */
    record Recorded(CookieChoice choice, Instant recordedAt) implements ChoiceAnswer {}

    /** It accepts kinds under a text that may not be named: see {@link Reason}. */
    record Refused(Reason reason) implements ChoiceAnswer {}

    /** It cannot be recorded now. */
    record Unavailable(Unavailability reason) implements ChoiceAnswer {}

    /** Why a text may not be named. */
    enum Reason {
        /** No cookie policy with that digest is published. */
        UNKNOWN("policy-unknown"),
        /** It has not taken effect. */
        NOT_IN_FORCE("policy-not-in-force"),
        /** A newer version has taken its place. */
        SUPERSEDED("policy-superseded");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** Stable name for programs. */
        public String code() {
            return code;
        }
    }
}
