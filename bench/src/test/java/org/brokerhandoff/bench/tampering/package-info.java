@NullMarked
package org.brokerhandoff.bench.tampering;

import org.jspecify.annotations.NullMarked;
