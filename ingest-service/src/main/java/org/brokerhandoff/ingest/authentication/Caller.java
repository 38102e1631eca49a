package org.brokerhandoff.ingest.authentication;

import java.util.Optional;
import java.util.UUID;

/** Who makes a request. */
public sealed interface Caller permits ApiKey, ReceiptHolder, Caller.Officer, Caller.Anybody {
    /**
     * Whether it may see a signup and act on it.
     *
     * @param owner owner of the API key that the signup was submitted with; empty if none was recorded
     */
    boolean mayActOn(UUID signupId, Optional<String> owner);

    /** The id of the API key that it called with, as events name it; empty without a key. */
    Optional<String> keyId();

    /**
     * An admin who decides requests on behalf of the operator, whichever website the signup came from.
     *
     * @param id the id of an API key with scope {@code admin}
     */
    record Officer(String id) implements Caller {
        @Override
        public boolean mayActOn(UUID signupId, Optional<String> owner) {
            return true;
        }

        @Override
        public Optional<String> keyId() {
            return Optional.of(id);
        }
    }

    /** A caller without a key: for public resources. */
    enum Anybody implements Caller {
        ANYBODY;

        @Override
        public boolean mayActOn(UUID signupId, Optional<String> owner) {
            return false;
        }

        @Override
        public Optional<String> keyId() {
            return Optional.empty();
        }
    }
}
