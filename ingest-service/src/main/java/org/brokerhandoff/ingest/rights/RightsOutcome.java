package org.brokerhandoff.ingest.rights;

import java.util.Locale;
import org.brokerhandoff.ingest.intake.IntakeOutcome;
import org.brokerhandoff.register.RightsRequest;

/** Outcome of a person's request, or of a step of one. */
public sealed interface RightsOutcome {
    /** The log has it. */
    record Taken(RightsRequest request) implements RightsOutcome {}

    /** The signup does not exist, or is not the caller's. */
    record UnknownSignup() implements RightsOutcome {}

    /** The signup has no such request. */
    record UnknownRequest() implements RightsOutcome {}

    /** The step is not possible. */
    record Refused(Refusal reason) implements RightsOutcome {}

    /** The new data of a rectification was not accepted. */
    record NotTaken(IntakeOutcome reason) implements RightsOutcome {}

    /** Why a step is not possible. */
    enum Refusal {
        /** The request was fulfilled on arrival: there is nothing to decide. */
        NOTHING_TO_DECIDE,
        /** It was decided differently, or for another reason. */
        ALREADY_DECIDED,
        /** The answer may be postponed only once. */
        ALREADY_EXTENDED,
        /** The country of residence allows no extension. */
        NOT_EXTENDABLE,
        /** It is answered. */
        ALREADY_ANSWERED,
        /** The deadline to answer or extend it has passed. */
        OVERDUE,
        /** No broker has the signup, and none will get it. */
        NOTHING_TO_RECTIFY,
        /** No broker has confirmed yet that it has the signup. */
        NOT_HANDED_OVER_YET,
        /** The consent is withdrawn: nothing more is sent. */
        CONSENT_WITHDRAWN,
        /** Earlier new data is being sent: the newest must arrive last. */
        RECTIFICATION_UNDER_WAY,
        /** The signup has reached its limit of corrections for the day. */
        TOO_MANY_RECTIFICATIONS;

        /** The problem's code. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
