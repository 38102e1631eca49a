/**
 * The auditor's commands, and the verifier as a library. It reads Kafka's kept topics and nothing else: no custody file, no
 * register, no service, so that every reader of the log can repeat every check.
 *
 * <p>Wiring and printing only; what is right and wrong is decided in {@code verify}.
 */
@NullMarked
package org.brokerhandoff.audit;

import org.jspecify.annotations.NullMarked;
