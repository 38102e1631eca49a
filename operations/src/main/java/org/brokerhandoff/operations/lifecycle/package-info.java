/** Starting and stopping a service: resources are closed in reverse order, also after a failed start. */
@NullMarked
package org.brokerhandoff.operations.lifecycle;

import org.jspecify.annotations.NullMarked;
