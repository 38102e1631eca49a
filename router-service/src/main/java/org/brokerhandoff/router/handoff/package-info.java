/**
 * One signup from consumption to the destruction of its key: what to do next ({@link
 * org.brokerhandoff.router.handoff.HandoffPlanner}, pure) and doing it ({@link org.brokerhandoff.router.handoff.Handoff}).
 *
 * <p>The plan is made from facts that survive a crash – the slot and the event log – so that starting over after {@code kill -9}
 * and continuing are the same code. Cutting the log and publishing the purge come after, in {@code purge}.
 */
@NullMarked
package org.brokerhandoff.router.handoff;

import org.jspecify.annotations.NullMarked;
