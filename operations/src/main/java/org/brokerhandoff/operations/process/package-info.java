/** How this system's JVMs are started. Nothing about what they then do. */
@NullMarked
package org.brokerhandoff.operations.process;

import org.jspecify.annotations.NullMarked;
