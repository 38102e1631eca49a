/**
 * A witness after C2SP {@code tlog-witness}: cosigns checkpoints that continue those it cosigned before, in a process of an organisation
 * other than the operator's. What it decides is in module {@code ledger}; here are its state, its locks, its HTTP, and the reading of
 * Kafka where it cosigns only what it has found to be true.
 */
@NullMarked
package org.brokerhandoff.audit.witness;

import org.jspecify.annotations.NullMarked;
