/** Tests of feeds: the file, replies, what is told next. */
@NullMarked
package org.brokerhandoff.registerservice.feed;

import org.jspecify.annotations.NullMarked;
