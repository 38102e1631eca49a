@NullMarked
package org.brokerhandoff.audit.replay;

import org.jspecify.annotations.NullMarked;
