package org.brokerhandoff.custody.preflight;

import java.util.Locale;

/** How much a finding matters to an operator. */
public enum Severity {
    /** As it should be. */
    FINE,
    /** Worth knowing. */
    NOTE,
    /** Something to set up better: it lowers the ceiling, or keys may be lost. */
    WARNING,
    /** Custody does not work here; a service does not start. */
    FAILURE;

    /** For people. */
    public String word() {
        return this == FINE ? "ok" : name().toLowerCase(Locale.ROOT);
    }
}
