/**
 * Peers that break HTTP at random, and the router's own HTTP client against them: whose reply each reply was taken for.
 *
 * <p>What must not live here: knowledge of what a reply means to the router.
 */
@NullMarked
package org.brokerhandoff.bench.replies;

import org.jspecify.annotations.NullMarked;
