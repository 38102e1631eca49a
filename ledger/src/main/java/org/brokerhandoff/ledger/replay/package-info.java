/**
 * The ledger as the topics give it: leaves become segments and index lines, which a builder writes and a recomputing reader compares. Pure;
 * the caller hands the leaves in.
 */
@NullMarked
package org.brokerhandoff.ledger.replay;

import org.jspecify.annotations.NullMarked;
