@NullMarked
package org.brokerhandoff.bench.load;

import org.jspecify.annotations.NullMarked;
