/**
 * What a website's backend is told of its signups: entries made of the kept topics' events, in order, with a position to continue from.
 *
 * <p>Shared by the event stream of ingest and the webhooks of the register service. Knows no HTTP and no receivers.
 */
@NullMarked
package org.brokerhandoff.register.feed;

import org.jspecify.annotations.NullMarked;
