/** Starting and stopping a service: what was opened is closed in the reverse order, whatever goes wrong on the way. */
@NullMarked
package org.brokerhandoff.operations.lifecycle;

import org.jspecify.annotations.NullMarked;
