package org.brokerhandoff.audit.canary;

/** The canary could not be sent, or no result is possible. The message names no person and no secret. */
public final class CannotCheck extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotCheck(String message) {
        super(message);
    }
}
