/**
 * The feed of a website's backend: entries derived from the kept topics' events, in order, with a position to resume from.
 *
 * <p>Shared by the event stream of ingest and the webhooks of the register service. Knows no HTTP and no receivers.
 */
@NullMarked
package org.brokerhandoff.register.feed;

import org.jspecify.annotations.NullMarked;
