@NullMarked
package org.brokerhandoff.audit.trace;

import org.jspecify.annotations.NullMarked;
