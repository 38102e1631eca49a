/**
 * The event stream of a website's backend: which streams are open, and what each is told, until it is closed.
 *
 * <p>What an entry is, and in which order they come, is decided in {@code org.brokerhandoff.register.feed}; HTTP is elsewhere, too.
 */
@NullMarked
package org.brokerhandoff.ingest.feed;

import org.jspecify.annotations.NullMarked;
