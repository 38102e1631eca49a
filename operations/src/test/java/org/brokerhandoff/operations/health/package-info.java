/** Tests of this package. */
@NullMarked
package org.brokerhandoff.operations.health;

import org.jspecify.annotations.NullMarked;
