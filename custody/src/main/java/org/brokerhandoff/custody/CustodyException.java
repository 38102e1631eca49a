package org.brokerhandoff.custody;

/** Custody cannot do what was requested: the file is not usable, a sync failed, or it is closed. Never carries key bytes. */
public final class CustodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** As {@link RuntimeException}. */
    public CustodyException(String message) {
        super(message);
    }

    /** As {@link RuntimeException}. */
    public CustodyException(String message, Throwable cause) {
        super(message, cause);
    }
}
