@NullMarked
package org.brokerhandoff.audit.search;

import org.jspecify.annotations.NullMarked;
