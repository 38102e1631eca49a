/**
 * What the ledger says: one leaf for each offset of a kept topic, and entries that list segments of such leaves. Forms are exact to the
 * byte, because they are hashed; the grammar stands in docs/transparency.md.
 */
@NullMarked
package org.brokerhandoff.ledger.entry;

import org.jspecify.annotations.NullMarked;
