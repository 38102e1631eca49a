/**
 * Records of kept topics for people and programs that read them one by one: which of them, and in which form. Pure. What was not written
 * by a publisher of ours is never shown, only where it stands and why. No verdicts, no reading from Kafka.
 */
@NullMarked
package org.brokerhandoff.audit.listing;

import org.jspecify.annotations.NullMarked;
