/**
 * The feed as webhooks: who wants to be told, what each is told next, and how far each was told.
 *
 * <p>What an entry is, and how progress is kept in Kafka, is in {@code org.brokerhandoff.register.feed}; requests are made in
 * {@code org.brokerhandoff.router.http}.
 */
@NullMarked
package org.brokerhandoff.registerservice.feed;

import org.jspecify.annotations.NullMarked;
