@NullMarked
package org.brokerhandoff.audit.live;

import org.jspecify.annotations.NullMarked;
