/**
 * Tampering with the log of an installation that ran: each kind is one fault put into a copy of all records, which is judged by the code that
 * {@code audit verify} runs, and compared with the ledger over the records as they were.
 *
 * <p>What must not live here: rules of the audit, and anything that a service uses.
 */
@NullMarked
package org.brokerhandoff.bench.tampering;

import org.jspecify.annotations.NullMarked;
