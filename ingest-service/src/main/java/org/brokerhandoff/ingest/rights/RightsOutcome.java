package org.brokerhandoff.ingest.rights;

import java.util.Locale;
import org.brokerhandoff.ingest.intake.IntakeOutcome;
import org.brokerhandoff.register.RightsRequest;

/** Outcome of a request as to a person's rights, or of a step of one. */
public sealed interface RightsOutcome {
    /** The log has it. */
    record Taken(RightsRequest request) implements RightsOutcome {}

    /** There is no such signup, or it is not the caller's. */
    record UnknownSignup() implements RightsOutcome {}

    /** There is no such request as to this signup. */
    record UnknownRequest() implements RightsOutcome {}

    /** The step is not possible. */
    record Refused(Refusal reason) implements RightsOutcome {}

    /** The new data of a rectification was not accepted. */
    record NotTaken(IntakeOutcome reason) implements RightsOutcome {}

    /** Why a step is not possible. */
    enum Refusal {
        /** What the request asks for was done when it came: there is nothing to decide. */
        NOTHING_TO_DECIDE,
        /** It was decided otherwise, or for another reason. */
        ALREADY_DECIDED,
        /** The answer may be postponed once. */
        ALREADY_EXTENDED,
        /** The country of residence allows no more time than it has. */
        NOT_EXTENDABLE,
        /** It is answered. */
        ALREADY_ANSWERED,
        /** It had to be answered or extended before. */
        OVERDUE,
        /** No broker has the signup, and none gets it any more. */
        NOTHING_TO_RECTIFY,
        /** No broker has confirmed yet that it has the signup. */
        NOT_HANDED_OVER_YET,
        /** The consent is withdrawn: nothing more is sent. */
        CONSENT_WITHDRAWN,
        /** Earlier new data is being sent: the newest has to be the last that arrives. */
        RECTIFICATION_UNDER_WAY,
        /** The signup's data was corrected too often on this day. */
        TOO_MANY_RECTIFICATIONS;

        /** The problem's code. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
