@NullMarked
package org.brokerhandoff.audit.log;

import org.jspecify.annotations.NullMarked;
