@NullMarked
package org.brokerhandoff.audit.canary;

import org.jspecify.annotations.NullMarked;
