/**
 * The ledger builder: reads the kept topics, appends entries to topic {@code checkpoints}, and signs the tree over them. Contains wiring, the
 * loop and the command; {@code round} decides the content of entries, {@code folder} writes files, {@code http} answers requests.
 *
 * <p>Not on the path of signups: without this process signups continue, and their events are committed to later.
 */
@NullMarked
package org.brokerhandoff.ledgerservice;

import org.jspecify.annotations.NullMarked;
