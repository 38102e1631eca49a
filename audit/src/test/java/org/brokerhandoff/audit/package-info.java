@NullMarked
package org.brokerhandoff.audit;

import org.jspecify.annotations.NullMarked;
