package org.brokerhandoff.ingest.intake;

import java.time.Duration;

/** Why nothing can be accepted or answered at the moment; a retry of the same request may succeed. */
public enum Unavailability {
    /** All custody slots are in use. */
    CUSTODY_FULL("custody-full", Duration.ofSeconds(30)),
    /** Custody refused: its disk failed or it is closing. */
    CUSTODY_FAILED("custody-unavailable", Duration.ofSeconds(30)),
    /** Kafka did not acknowledge. */
    LOG_UNAVAILABLE("event-log-unavailable", Duration.ofSeconds(5)),
    /** The idempotency file could not be written. */
    STORE_UNAVAILABLE("idempotency-unavailable", Duration.ofSeconds(5)),
    /** The register has not caught up with the log, or its database failed. */
    REGISTER_BEHIND("register-behind", Duration.ofSeconds(2)),
    /** The host's wall clock is in doubt: no hold can begin. */
    CLOCK_IN_DOUBT("clock-in-doubt", Duration.ofSeconds(30)),
    /** No router has published a broker directory yet, so that no recipient is known. */
    DIRECTORY_UNPUBLISHED("broker-directory-unpublished", Duration.ofSeconds(5)),
    /** No checkpoint of the ledger covers an event of the signup yet. */
    NOT_COMMITTED("evidence-not-committed", Duration.ofSeconds(60)),
    /** No ledger is configured, or it does not answer. */
    LEDGER_UNAVAILABLE("evidence-unavailable", Duration.ofSeconds(30)),
    /** This process has reached its limit of requests in progress. */
    OVERLOADED("overloaded", Duration.ofSeconds(1)),
    /** Any other failure; the service's log names its kind. */
    UNEXPECTED("unexpected-failure", Duration.ofSeconds(5));

    private final String code;
    private final Duration retryAfter;

    Unavailability(String code, Duration retryAfter) {
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** Stable name for programs. */
    public String code() {
        return code;
    }

    /** Delay before a retry. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
