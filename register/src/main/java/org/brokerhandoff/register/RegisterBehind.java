package org.brokerhandoff.register;

/** The projection had not passed the events in question within the time given, so that an answer could be from before them. */
public final class RegisterBehind extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegisterBehind(String message) {
        super(message, null, false, false);
    }
}
