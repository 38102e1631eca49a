/**
 * A witness after C2SP {@code tlog-witness}: cosigns checkpoints that extend those it cosigned before, in a process of an organisation other
 * than the operator's. Its decision logic is in module {@code ledger}; here are its state, its locks, its HTTP, and the reading of Kafka if
 * it cosigns only what it has verified.
 */
@NullMarked
package org.brokerhandoff.audit.witness;

import org.jspecify.annotations.NullMarked;
