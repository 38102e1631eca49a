/**
 * What operators have published, read from the log itself: policies, and the recipients that directories have. To take in a signup
 * nothing else of the past has to be known, so signups are accepted while there is no register, or it is projected again.
 *
 * <p>What must not live here: what follows for a signup, which {@link org.brokerhandoff.ingest.policy} and
 * {@link org.brokerhandoff.ingest.recipient} decide.
 */
@NullMarked
package org.brokerhandoff.ingest.published;

import org.jspecify.annotations.NullMarked;
