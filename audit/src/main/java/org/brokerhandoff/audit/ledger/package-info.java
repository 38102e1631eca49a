/**
 * The ledger of topic {@code checkpoints}, recomputed from the kept topics. The rules in {@code verify} judge the findings; {@code evidence}
 * makes the evidence of one signup.
 */
@NullMarked
package org.brokerhandoff.audit.ledger;

import org.jspecify.annotations.NullMarked;
