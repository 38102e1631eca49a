/** Tests of this package. */
@NullMarked
package org.brokerhandoff.operations.http;

import org.jspecify.annotations.NullMarked;
