/** Files that survive a crash of the process or the machine, whatever their content. */
@NullMarked
package org.brokerhandoff.operations.files;

import org.jspecify.annotations.NullMarked;
