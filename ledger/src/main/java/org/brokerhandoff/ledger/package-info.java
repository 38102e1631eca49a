/**
 * The transparency ledger over the kept topics, as a library for those who check it: hashing and proofs in {@code merkle}, signed
 * notes and trust policies in {@code note}, the ledger's own texts in {@code entry}, the index of all keys in {@code index}.
 *
 * <p>Depends on the JDK alone, so that a verifier has little to trust besides it. Everything here is a function of bytes: no clock, no
 * file, no network, no Kafka. docs/transparency.md has the attacker, the argument and its limits.
 */
@NullMarked
package org.brokerhandoff.ledger;

import org.jspecify.annotations.NullMarked;
