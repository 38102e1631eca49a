@NullMarked
package org.brokerhandoff.audit.state;

import org.jspecify.annotations.NullMarked;
