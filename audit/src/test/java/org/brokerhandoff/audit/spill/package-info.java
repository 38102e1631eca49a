@NullMarked
package org.brokerhandoff.audit.spill;

import org.jspecify.annotations.NullMarked;
