@NullMarked
package org.brokerhandoff.audit.witness;

import org.jspecify.annotations.NullMarked;
