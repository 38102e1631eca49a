/**
 * The requirements on the event log: facts per signup, rules over them, and the verdict.
 *
 * <p>Everything here is pure: records and an instant in, a {@link org.brokerhandoff.audit.verify.Verdict} out. Nothing reads a clock, uses
 * Kafka or prints. Sentences name brokers, versions, times and random ids, never content that was not checked to be of its kind.
 */
@NullMarked
package org.brokerhandoff.audit.verify;

import org.jspecify.annotations.NullMarked;
