@NullMarked
package org.brokerhandoff.operations.memory;

import org.jspecify.annotations.NullMarked;
