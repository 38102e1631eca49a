package org.brokerhandoff.erasure.files;

/** The log directories cannot be looked through, so nothing can be said of what they hold. */
public final class LogDirectoriesUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LogDirectoriesUnusable(String what) {
        super(what);
    }

    LogDirectoriesUnusable(String what, Throwable cause) {
        super(what + ": " + cause.getClass().getSimpleName(), cause);
    }
}
