package org.brokerhandoff.eventlog;

/** Kafka could not be reached, or refused an administrative request. */
public final class EventLogUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What failed, and why. */
    public EventLogUnavailable(String what, Throwable cause) {
        super(what + ": " + kind(cause), cause);
    }

    /** As the constructor; restores the thread's interrupt status. */
    static EventLogUnavailable whileWaiting(String what, Exception cause) {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new EventLogUnavailable(what, cause);
    }

    private static String kind(Throwable cause) {
        Throwable root = cause.getCause() == null ? cause : cause.getCause();
        return root.getClass().getSimpleName();
    }
}
