/**
 * The transparency ledger over the kept topics, as a library for verifiers: hashing and proofs in {@code merkle}, signed notes and trust
 * policies in {@code note}, the ledger's own texts in {@code entry}, the index of all keys in {@code index}.
 *
 * <p>Depends only on the JDK, so that a verifier has a small trusted base. Everything here is a function of bytes: no clock, file, network or
 * Kafka. docs/transparency.md has the attacker, the argument and its limits.
 */
@NullMarked
package org.brokerhandoff.ledger;

import org.jspecify.annotations.NullMarked;
