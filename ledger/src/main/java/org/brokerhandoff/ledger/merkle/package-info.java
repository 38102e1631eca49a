/**
 * RFC 6962 section 2.1: the hash of a tree, proofs of inclusion and of consistency, and tiles of them. Independent of the leaves' meaning.
 */
@NullMarked
package org.brokerhandoff.ledger.merkle;

import org.jspecify.annotations.NullMarked;
