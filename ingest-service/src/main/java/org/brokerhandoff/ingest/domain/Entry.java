package org.brokerhandoff.ingest.domain;

import java.time.Instant;

/** What is accepted, without the person: everything that its evidence, its routing and the binding of its seal need. */
public sealed interface Entry {
    /** When the consent was given; {@link Instant#EPOCH} where none is required. */
    default Instant givenAt() {
        return this instanceof Consented consented
                ? consented.signup().consent().givenAt()
                : Instant.EPOCH;
    }

    /** The same, given at another time. */
    default Entry givenAt(Instant at) {
        if (!(this instanceof Consented consented)) {
            return this;
        }
        Signup signup = consented.signup();
        return new Consented(
                new Signup(
                        signup.country(),
                        signup.language(),
                        signup.supplementary(),
                        signup.consent().givenAt(at)),
                consented.policy());
    }

    /**
     * A signup and what the person consented to.
     *
     * @param policy the policy text the consent is given under
     */
    record Consented(Signup signup, Policy policy) implements Entry {}

    /** A message that the person addressed to us: it asks for an answer, which needs no consent. */
    record Contact(ContactMessage message) implements Entry {}

    /** New data for the holder of an earlier signup: the person has a right to that, and it needs no further consent. */
    record Corrected(Correction correction) implements Entry {}
}
