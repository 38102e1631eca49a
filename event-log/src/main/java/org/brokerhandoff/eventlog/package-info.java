/**
 * Publishing events to Kafka and reading them back: client settings, topic creation, partitions, acknowledgement.
 *
 * <p>This is an edge. It decides nothing about signups, consents or purges; it never logs a record, and the exceptions it throws
 * name a topic and a kind of failure, never content.
 */
@NullMarked
package org.brokerhandoff.eventlog;

import org.jspecify.annotations.NullMarked;
