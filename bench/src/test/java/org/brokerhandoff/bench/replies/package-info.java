@NullMarked
package org.brokerhandoff.bench.replies;

import org.jspecify.annotations.NullMarked;
