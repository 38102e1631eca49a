/**
 * The ledger builder: reads the kept topics, appends entries to topic {@code checkpoints}, and signs the tree over them. Wiring, the loop
 * and the command live here; what an entry says is decided in {@code round}, files are written in {@code folder}, requests are answered
 * in {@code http}.
 *
 * <p>Nothing here stands in a signup's way: without this process signups continue, and their events are committed to later.
 */
@NullMarked
package org.brokerhandoff.ledgerservice;

import org.jspecify.annotations.NullMarked;
