/**
 * Reads the kept topics from Kafka. This is an edge: it decides nothing about signups and never logs a record.
 */
@NullMarked
package org.brokerhandoff.audit.log;

import org.jspecify.annotations.NullMarked;
