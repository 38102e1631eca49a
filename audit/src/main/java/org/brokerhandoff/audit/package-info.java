/**
 * The auditor's commands, and the verifier as a library. It reads only Kafka's kept topics: no custody file, register or service, so that
 * every reader of the log can repeat every check.
 *
 * <p>Wiring and output only; the judgement is in {@code verify}.
 */
@NullMarked
package org.brokerhandoff.audit;

import org.jspecify.annotations.NullMarked;
