/**
 * Evidence: one file with every event of one signup, made from the kept topics and the ledger in topic {@code checkpoints}, and verifiable
 * without either. Module {@code ledger} judges what a file proves.
 */
@NullMarked
package org.brokerhandoff.audit.evidence;

import org.jspecify.annotations.NullMarked;
