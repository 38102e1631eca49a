package org.brokerhandoff.ingest.idempotency;

/** The idempotency journal failed, or its keys cannot be read; nothing was reserved as far as is known. */
public final class IdempotencyFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param what for an operator; quotes no key */
    public IdempotencyFailed(String what) {
        super(what);
    }

    IdempotencyFailed(String what, Throwable cause) {
        super(what, cause);
    }
}
