package org.brokerhandoff.operations.configuration;

import java.util.Locale;

/** A program of this system that reads settings. */
public enum Service {
    INGEST,
    ROUTER,
    REGISTER,
    AUDIT,
    PREFLIGHT,
    ERASURE_AGENT,
    LEDGER;

    /** The name as the launcher and the documentation write it. */
    public String commandName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
