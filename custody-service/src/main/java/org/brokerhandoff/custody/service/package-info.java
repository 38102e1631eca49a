/**
 * Custody as a service uses it: opened by its settings, examined, watched, and compared with the log; in the slot file of one host, or in the
 * cells of several.
 *
 * <p>What must not live here: decisions about keys, which {@link org.brokerhandoff.custody} and {@code custody.cells} make, and Kafka.
 */
@NullMarked
package org.brokerhandoff.custody.service;

import org.jspecify.annotations.NullMarked;
