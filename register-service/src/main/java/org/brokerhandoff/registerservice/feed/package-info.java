/**
 * The feed as webhooks: the receivers, the next entry of each, and its progress.
 *
 * <p>Entries, and the storage of progress in Kafka, are in {@code org.brokerhandoff.register.feed}; requests are made in {@code
 * org.brokerhandoff.router.http}.
 */
@NullMarked
package org.brokerhandoff.registerservice.feed;

import org.jspecify.annotations.NullMarked;
