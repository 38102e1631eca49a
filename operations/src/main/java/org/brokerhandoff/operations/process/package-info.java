/** How this system's JVMs are started, whatever they then do. */
@NullMarked
package org.brokerhandoff.operations.process;

import org.jspecify.annotations.NullMarked;
