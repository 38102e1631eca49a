/** What is remembered of browsers, in memory only: which signups and messages they sent, by ids that stand for nothing. */
@NullMarked
package org.brokerhandoff.website.visit;

import org.jspecify.annotations.NullMarked;
