package org.brokerhandoff.ingest.disclosure;

/** Why a step of a request for disclosure is not taken. */
public enum Refusal {
    /** The request does not exist. */
    UNKNOWN_REQUEST,
    /** The question does not exist, or concerns a signup of another owner. */
    UNKNOWN_QUESTION,
    /** It was decided differently. */
    DECIDED,
    /** The question was put already, with another deadline. */
    ASKED,
    /** The person has given another answer. */
    ANSWERED,
    /** The deadline for the answer has passed, or the request is decided. */
    CLOSED,
    /** By the same actor as the step before, or by another key of the same owner. */
    SAME_ACTOR,
    /** The key that entered the request has left the key file, so it is unknown whether this is another actor. */
    ACTOR_UNKNOWN,
    /** It rests on the person's consent, which is missing. */
    CONSENT_MISSING,
    /** It rests on the person's refusal, which is missing. */
    REFUSAL_MISSING,
    /** It orders preservation, but nothing is held any more, or will not be in a moment. */
    NOTHING_TO_HOLD,
    /** It orders preservation until a time at which the data is held anyway. */
    HOLD_CHANGES_NOTHING,
    /** There is no hold to end. */
    NO_HOLD
}
