/**
 * The examination of custody's place, made known: as an event, in the health endpoint, in the log of the services, and as the
 * command {@code ./handoff preflight}.
 *
 * <p>What must not live here: any judgement, which {@link org.brokerhandoff.custody.preflight} makes, and Kafka.
 */
@NullMarked
package org.brokerhandoff.preflight;

import org.jspecify.annotations.NullMarked;
