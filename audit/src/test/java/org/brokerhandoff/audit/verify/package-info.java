@NullMarked
package org.brokerhandoff.audit.verify;

import org.jspecify.annotations.NullMarked;
