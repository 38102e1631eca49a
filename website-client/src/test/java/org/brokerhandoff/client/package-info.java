/** Tests of the client. */
@NullMarked
package org.brokerhandoff.client;

import org.jspecify.annotations.NullMarked;
