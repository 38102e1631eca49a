/** Tests of feeds: the file, replies, the next entry. */
@NullMarked
package org.brokerhandoff.registerservice.feed;

import org.jspecify.annotations.NullMarked;
