/**
 * The event stream of a website's backend: which streams are open, and what each sends, until it is closed.
 *
 * <p>Entries and their order are defined in {@code org.brokerhandoff.register.feed}; HTTP is elsewhere too.
 */
@NullMarked
package org.brokerhandoff.ingest.feed;

import org.jspecify.annotations.NullMarked;
