/**
 * Reads the kept topics from Kafka. An edge: it makes no decisions about signups and never logs a record.
 */
@NullMarked
package org.brokerhandoff.audit.log;

import org.jspecify.annotations.NullMarked;
