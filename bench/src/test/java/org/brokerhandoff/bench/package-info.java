@NullMarked
package org.brokerhandoff.bench;

import org.jspecify.annotations.NullMarked;
