/**
 * What an auditor keeps between verifications: a file, written atomically. An edge: it knows the file's layout and its permissions, not the
 * meaning of its parts; the folds in {@code verify}, {@code ledger} and {@code log} write and read their own.
 */
@NullMarked
package org.brokerhandoff.audit.state;

import org.jspecify.annotations.NullMarked;
