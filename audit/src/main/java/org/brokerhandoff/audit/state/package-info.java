/**
 * What an auditor keeps from one verification to the next: a file, written whole or not at all. This is an edge: it knows where the parts of the
 * file are, and who may have it, and nothing of what they mean; the folds in {@code verify}, {@code ledger} and {@code log} write and read their
 * own.
 */
@NullMarked
package org.brokerhandoff.audit.state;

import org.jspecify.annotations.NullMarked;
