/**
 * Decisions made again from the kept topics: the directory versions, the places under caps, and each decision from the inputs
 * that it names and the events before it.
 *
 * <p>Pure: events go in, differences come out. The deciding itself is {@link org.brokerhandoff.routing.Assigner}, which is also the
 * router's; nothing here decides by its own rules.
 */
@NullMarked
package org.brokerhandoff.audit.replay;

import org.jspecify.annotations.NullMarked;
