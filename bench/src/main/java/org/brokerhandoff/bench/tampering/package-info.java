/**
 * Tampering with the log of an installation that ran: each kind is one fault injected into a copy of all records, which is judged by the code
 * of {@code audit verify}, and compared with the ledger over the original records.
 *
 * <p>Must not contain: rules of the audit, and anything that a service uses.
 */
@NullMarked
package org.brokerhandoff.bench.tampering;

import org.jspecify.annotations.NullMarked;
