@NullMarked
package org.brokerhandoff.audit.ledger;

import org.jspecify.annotations.NullMarked;
