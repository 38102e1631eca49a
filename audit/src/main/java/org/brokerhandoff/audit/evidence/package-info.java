/**
 * Evidence: one file with every event of one signup, made from the kept topics and the ledger in topic {@code checkpoints}, and checked
 * without either. What a file shows is judged in module {@code ledger}.
 */
@NullMarked
package org.brokerhandoff.audit.evidence;

import org.jspecify.annotations.NullMarked;
