/** Files that survive whatever ends the process or the machine. What they hold is nobody's business here. */
@NullMarked
package org.brokerhandoff.operations.files;

import org.jspecify.annotations.NullMarked;
