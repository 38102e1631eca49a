/**
 * The content of the ledger: one leaf for each offset of a kept topic, and entries that list segments of such leaves. Formats are exact to
 * the byte, because they are hashed; the grammar is in docs/transparency.md.
 */
@NullMarked
package org.brokerhandoff.ledger.entry;

import org.jspecify.annotations.NullMarked;
