package org.brokerhandoff.operations.configuration;

import java.util.Locale;

/** A program of this system that reads settings. */
public enum Service {
    INGEST,
    ROUTER,
    /** Rebuilds and exports the register; {@link #REGISTER_SERVICE} keeps it. */
    REGISTER,
    REGISTER_SERVICE,
    AUDIT,
    PREFLIGHT,
    ERASURE_AGENT,
    LEDGER;

    /** The name as the launcher and the documentation write it. */
    public String commandName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
