/** The ledger over HTTP: its files as they stand in the folder, and what the builder is asked to do. */
@NullMarked
package org.brokerhandoff.ledgerservice.http;

import org.jspecify.annotations.NullMarked;
