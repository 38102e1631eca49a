/**
 * Decisions replayed from the kept topics: the directory versions, the places under caps, and each decision from the inputs that it names and
 * the events before it.
 *
 * <p>Pure: events in, differences out. Decisions are made by {@link org.brokerhandoff.routing.Assigner}, the router's own; nothing here has
 * decision rules of its own.
 */
@NullMarked
package org.brokerhandoff.audit.replay;

import org.jspecify.annotations.NullMarked;
