package org.brokerhandoff.ingest.disclosure;

/** Why a step of a request for disclosure is not taken. */
public enum Refusal {
    /** There is no such request. */
    UNKNOWN_REQUEST,
    /** There is no such question, or it is about a signup of another owner. */
    UNKNOWN_QUESTION,
    /** It is decided, in another way than this. */
    DECIDED,
    /** The person was asked already, with another time to answer. */
    ASKED,
    /** The person has answered, in another way than this. */
    ANSWERED,
    /** The time to answer is over, or the request is decided. */
    CLOSED,
    /** By the same actor as the step before, or by another key of the same owner. */
    SAME_ACTOR,
    /** The key that entered the request is not in the key file any more: it cannot be told whether this is another actor's. */
    ACTOR_UNKNOWN,
    /** It rests on the person's consent, and there is none. */
    CONSENT_MISSING,
    /** It rests on the person's refusal, and there is none. */
    REFUSAL_MISSING,
    /** It orders that something be kept, and nothing is held any more that could be, or will be in a moment. */
    NOTHING_TO_HOLD,
    /** It orders that something be kept until a time at which it is held anyway. */
    HOLD_CHANGES_NOTHING,
    /** There is no hold that could be ended. */
    NO_HOLD
}
