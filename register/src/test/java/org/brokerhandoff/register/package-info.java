@NullMarked
package org.brokerhandoff.register;

import org.jspecify.annotations.NullMarked;
