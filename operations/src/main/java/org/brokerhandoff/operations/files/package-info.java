/** Files that survive whatever ends the process or the machine. What they hold does not matter here. */
@NullMarked
package org.brokerhandoff.operations.files;

import org.jspecify.annotations.NullMarked;
