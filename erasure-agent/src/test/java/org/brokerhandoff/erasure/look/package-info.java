/** Tests of what listings mean and what is reported. */
@NullMarked
package org.brokerhandoff.erasure.look;

import org.jspecify.annotations.NullMarked;
