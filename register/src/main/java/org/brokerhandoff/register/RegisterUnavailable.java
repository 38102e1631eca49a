package org.brokerhandoff.register;

import java.sql.SQLException;

/** The register's database could not be reached, or refused. */
public final class RegisterUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What failed, and why. */
    public RegisterUnavailable(String what, Throwable cause) {
        super(what + ": " + kind(cause), cause);
    }

    private static String kind(Throwable cause) {
        return cause instanceof SQLException sql
                ? "SQL state " + sql.getSQLState() + ", code " + sql.getErrorCode()
                : cause.getClass().getSimpleName();
    }
}
