/** Tests of the feed: rules, order, positions. */
@NullMarked
package org.brokerhandoff.register.feed;

import org.jspecify.annotations.NullMarked;
