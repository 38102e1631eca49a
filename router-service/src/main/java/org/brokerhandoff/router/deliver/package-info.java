/**
 * Getting one signup to one broker: the request, its signature, what a reply means, when to try again.
 *
 * <p>What a reply means ({@link org.brokerhandoff.router.deliver.ReplyRules}) and when to try again ({@link
 * org.brokerhandoff.router.deliver.Backoff}) are pure. The HTTP client is an adapter elsewhere. Which broker, and what happens
 * after, is not decided here. Personal data is read in {@link org.brokerhandoff.router.deliver.HandoffRequest} and nowhere else.
 */
@NullMarked
package org.brokerhandoff.router.deliver;

import org.jspecify.annotations.NullMarked;
