/**
 * Data keys and the clear bytes they protect: personal data in memory, sealing, the slot file in which the only copy
 * of each data key lives, its destruction and the check that it is gone.
 *
 * <p>What must not live here: Kafka, HTTP, consent, brokers beyond their 24-bit tag, and any decision about <em>when</em>
 * a key is destroyed other than its hard expiry.
 */
@NullMarked
package org.brokerhandoff.custody;

import org.jspecify.annotations.NullMarked;
