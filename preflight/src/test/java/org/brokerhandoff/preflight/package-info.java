/** Tests of the event, the health check and the command. */
@NullMarked
package org.brokerhandoff.preflight;

import org.jspecify.annotations.NullMarked;
