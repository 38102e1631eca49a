package org.brokerhandoff.audit.canary;

/** The canary could not be sent, or nothing could be said about it. The message names no person and no secret. */
public final class CannotCheck extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotCheck(String message) {
        super(message);
    }
}
