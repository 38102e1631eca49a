/** Tests of this package. */
@NullMarked
package org.brokerhandoff.operations.configuration;

import org.jspecify.annotations.NullMarked;
