/**
 * The ledger of topic {@code checkpoints}, recomputed from what the kept topics hold. What is found is judged by the rules in
 * {@code verify}; evidence of one signup is made in {@code evidence}.
 */
@NullMarked
package org.brokerhandoff.audit.ledger;

import org.jspecify.annotations.NullMarked;
