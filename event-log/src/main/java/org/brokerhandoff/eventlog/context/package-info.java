/**
 * Which records of the kept topics the events of one signup refer to without their positions: the context in evidence of the signup, so that
 * its events can be judged from the file alone. Pure; the makers of evidence read and prove the records.
 */
@NullMarked
package org.brokerhandoff.eventlog.context;

import org.jspecify.annotations.NullMarked;
