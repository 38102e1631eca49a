package org.brokerhandoff.custody.cells.decisions;

import java.time.Duration;
import java.util.Optional;

/**
 * Where the database is.
 *
 * @param url {@code jdbc:postgresql:…}
 * @param limit how long a statement may take; what came of one that took longer is not known
 */
public record DecisionSettings(String url, Optional<String> user, Optional<String> password, Duration limit) {
    /** Prints neither URL nor password. */
    @Override
    public String toString() {
        return "DecisionSettings[" + limit + "]";
    }
}
