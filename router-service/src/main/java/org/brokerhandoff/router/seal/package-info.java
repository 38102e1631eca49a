/**
 * Opening a sealed signup. Together with {@code deliver} the only place of the router where the person's bytes may be read.
 */
@NullMarked
package org.brokerhandoff.router.seal;

import org.jspecify.annotations.NullMarked;
