package org.brokerhandoff.ingest.domain;

/** What is taken in, less the person: everything that its evidence, its routing and the binding of its seal need. */
public sealed interface Entry {
    /**
     * A signup and what the person consented to.
     *
     * @param policy the policy text the consent is given under
     */
    record Consented(Signup signup, Policy policy) implements Entry {}

    /** A message that the person addressed to us: it asks for an answer, and needs no consent to get one. */
    record Contact(ContactMessage message) implements Entry {}
}
