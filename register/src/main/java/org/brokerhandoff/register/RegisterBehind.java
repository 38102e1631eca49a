package org.brokerhandoff.register;

/** The projection did not pass the events in question in time, so an answer could be stale. */
public final class RegisterBehind extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegisterBehind(String message) {
        super(message, null, false, false);
    }
}
