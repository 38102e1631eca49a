@NullMarked
package org.brokerhandoff.bench.memory;

import org.jspecify.annotations.NullMarked;
