/** Tests of what websites are told: rules, order, positions. */
@NullMarked
package org.brokerhandoff.register.feed;

import org.jspecify.annotations.NullMarked;
