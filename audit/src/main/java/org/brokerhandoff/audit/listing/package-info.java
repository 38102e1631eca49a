/**
 * Lists records of kept topics for people and programs: selection and output forms. Pure. Content not written by one of our publishers is
 * never shown, only its position and the reason. No verdicts, no reading from Kafka.
 */
@NullMarked
package org.brokerhandoff.audit.listing;

import org.jspecify.annotations.NullMarked;
