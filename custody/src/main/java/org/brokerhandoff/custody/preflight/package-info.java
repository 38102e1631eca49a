/**
 * Examines where the slot file lives and what this host does with memory, and says which purge level may be claimed at most.
 *
 * <p>{@link org.brokerhandoff.custody.preflight.HostFacts} and {@link org.brokerhandoff.custody.preflight.Canary} look, {@link
 * org.brokerhandoff.custody.preflight.FindingRules} judges and is pure: facts go in, findings come out. What must not live here:
 * Kafka, HTTP, the event that publishes the result, and any change of what was examined, the canary's own slot excepted.
 */
@NullMarked
package org.brokerhandoff.custody.preflight;

import org.jspecify.annotations.NullMarked;
