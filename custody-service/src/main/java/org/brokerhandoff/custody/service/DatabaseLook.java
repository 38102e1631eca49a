package org.brokerhandoff.custody.service;

import org.brokerhandoff.custody.cells.fitness.DatabaseFacts;

/** What came of looking at the database of custody once. */
sealed interface DatabaseLook {
    /** Where it is, without parameters. */
    String place();

    /** What it says of itself. */
    record Answered(String place, DatabaseFacts facts) implements DatabaseLook {}

    /** It was not reached, or did not let the user in. */
    record Silent(String place, String reason) implements DatabaseLook {}
}
