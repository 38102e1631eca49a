/**
 * The ledger computed from the topics: leaves become segments and index lines, which a builder writes and a recomputing reader compares.
 * Pure; the caller supplies the leaves.
 */
@NullMarked
package org.brokerhandoff.ledger.replay;

import org.jspecify.annotations.NullMarked;
