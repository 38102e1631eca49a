/** Following signups through the event log, for progress and for the times of each stage. Reads kept topics only. */
@NullMarked
package org.brokerhandoff.quickstart.observe;

import org.jspecify.annotations.NullMarked;
