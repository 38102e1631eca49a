/** The ledger over HTTP: the files of its folder, and requests to the builder. */
@NullMarked
package org.brokerhandoff.ledgerservice.http;

import org.jspecify.annotations.NullMarked;
