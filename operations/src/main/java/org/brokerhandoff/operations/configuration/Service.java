package org.brokerhandoff.operations.configuration;

import java.util.Locale;

/** A program of this system that reads settings. */
public enum Service {
    INGEST,
    ROUTER,
    /** Rebuilds and exports the register; {@link #REGISTER_SERVICE} maintains it. */
    REGISTER,
    REGISTER_SERVICE,
    AUDIT,
    PREFLIGHT,
    ERASURE_AGENT,
    LEDGER;

    /** The name used by the launcher and the documentation. */
    public String commandName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
