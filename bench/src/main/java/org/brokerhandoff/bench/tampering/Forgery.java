package org.brokerhandoff.bench.tampering;

import java.util.Optional;
import java.util.UUID;

/**
 * A log with one fault.
 *
 * @param log all records, including the fault
 * @param signup the affected signup, if there is one
 */
record Forgery(CopiedLog log, Optional<UUID> signup) {}
