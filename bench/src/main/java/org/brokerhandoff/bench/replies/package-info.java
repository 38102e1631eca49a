/**
 * Peers that violate HTTP at random, and the router's own HTTP client against them: to which request each reply was attributed.
 *
 * <p>Must not contain: knowledge of what a reply means to the router.
 */
@NullMarked
package org.brokerhandoff.bench.replies;

import org.jspecify.annotations.NullMarked;
