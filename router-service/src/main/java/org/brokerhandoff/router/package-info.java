/**
 * The router service: {@link org.brokerhandoff.router.RouterMain} reads the configuration, {@link
 * org.brokerhandoff.router.RouterService} wires the parts. Nothing is decided here.
 */
@NullMarked
package org.brokerhandoff.router;

import org.jspecify.annotations.NullMarked;
