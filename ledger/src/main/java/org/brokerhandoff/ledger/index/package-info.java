/**
 * The index: for each key of a partition the number and the chained hash of its leaves, in a prefix tree, so that a key's history can be
 * proven complete. The format is that of the prefix tree of draft-ietf-keytrans-protocol with other prefix bytes; there is no verifiable
 * random function, since keys are random ids that readers of the log see anyway.
 */
@NullMarked
package org.brokerhandoff.ledger.index;

import org.jspecify.annotations.NullMarked;
