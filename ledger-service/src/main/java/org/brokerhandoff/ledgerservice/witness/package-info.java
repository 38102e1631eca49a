/** The log's side of C2SP {@code tlog-witness}: requests cosignatures, and queries witnesses' knowledge of the log. Consequences are decided elsewhere. */
@NullMarked
package org.brokerhandoff.ledgerservice.witness;

import org.jspecify.annotations.NullMarked;
