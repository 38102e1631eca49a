/** The log's side of C2SP {@code tlog-witness}: asking witnesses to cosign, and what they know of the log. What becomes of it is decided elsewhere. */
@NullMarked
package org.brokerhandoff.ledgerservice.witness;

import org.jspecify.annotations.NullMarked;
