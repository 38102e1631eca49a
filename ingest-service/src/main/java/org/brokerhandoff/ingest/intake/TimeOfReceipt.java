package org.brokerhandoff.ingest.intake;

import java.time.Instant;
import java.util.Optional;

/** Dates what is accepted. */
@FunctionalInterface
public interface TimeOfReceipt {
    /** Now; empty while the host's clock is in doubt: a hold that began at a wrong time would end at a wrong time. */
    Optional<Instant> now();
}
