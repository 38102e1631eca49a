@NullMarked
package org.brokerhandoff.audit.evidence;

import org.jspecify.annotations.NullMarked;
