/** Tests of this package. */
@NullMarked
package org.brokerhandoff.operations.telemetry;

import org.jspecify.annotations.NullMarked;
