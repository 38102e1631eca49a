package org.brokerhandoff.ingest.intake;

import java.time.Instant;
import java.util.Optional;

/** Timestamps what is accepted. */
@FunctionalInterface
public interface TimeOfReceipt {
    /** Now; empty while the host's clock is in doubt: a hold with a wrong start would have a wrong end. */
    Optional<Instant> now();
}
