@NullMarked
package org.brokerhandoff.ledgerservice.witness;

import org.jspecify.annotations.NullMarked;
