/**
 * What the event log has to satisfy: facts per signup, rules over them, and the verdict.
 *
 * <p>Everything here is pure: records and an instant go in, a {@link org.brokerhandoff.audit.verify.Verdict} comes out. Nothing
 * reads a clock, speaks to Kafka or prints. A sentence made here names brokers, versions, times and random ids, never content
 * that was not checked to be of its kind.
 */
@NullMarked
package org.brokerhandoff.audit.verify;

import org.jspecify.annotations.NullMarked;
