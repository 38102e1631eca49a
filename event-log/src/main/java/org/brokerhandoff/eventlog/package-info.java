/**
 * Publishing events to Kafka and reading them back: client settings, topic creation, partitions, acknowledgement.
 *
 * <p>An edge. It makes no decisions about signups, consents or purges; it never logs a record, and its exceptions name a topic and a kind of
 * failure, never content.
 */
@NullMarked
package org.brokerhandoff.eventlog;

import org.jspecify.annotations.NullMarked;
