package org.brokerhandoff.bench.tampering;

import java.util.Optional;
import java.util.UUID;

/**
 * A log with one fault.
 *
 * @param log all records, with the fault
 * @param signup whom the fault concerns, if it concerns one signup
 */
record Forgery(CopiedLog log, Optional<UUID> signup) {}
