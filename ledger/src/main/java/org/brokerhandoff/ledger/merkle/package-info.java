/**
 * RFC 6962 section 2.1: the hash of a tree, proofs of inclusion and of consistency, and tiles of them. Knows nothing of what the
 * leaves mean.
 */
@NullMarked
package org.brokerhandoff.ledger.merkle;

import org.jspecify.annotations.NullMarked;
