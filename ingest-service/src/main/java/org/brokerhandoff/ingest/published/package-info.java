/**
 * What operators have published, read from the log itself: policies, and the recipients in directories. Accepting a signup needs nothing else
 * of the past, so signups are accepted without a register, or while it is rebuilt.
 *
 * <p>Must not contain: the consequences for a signup, which {@link org.brokerhandoff.ingest.policy} and {@link
 * org.brokerhandoff.ingest.recipient} decide.
 */
@NullMarked
package org.brokerhandoff.ingest.published;

import org.jspecify.annotations.NullMarked;
