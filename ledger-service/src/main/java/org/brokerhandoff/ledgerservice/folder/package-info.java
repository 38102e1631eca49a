/** The ledger's folder: files for auditors in the form of C2SP {@code tlog-tiles}, and what the builder must not lose. Decides nothing. */
@NullMarked
package org.brokerhandoff.ledgerservice.folder;

import org.jspecify.annotations.NullMarked;
