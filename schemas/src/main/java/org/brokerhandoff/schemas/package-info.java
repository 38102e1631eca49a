/**
 * Events on the wire: the topics, the record types each may hold, their encoding and their headers.
 *
 * <p>No logic lives here: no decisions, no clock, no Kafka client. The record classes themselves are
 * generated into {@code org.brokerhandoff.event} from {@code src/main/avro}.
 */
@NullMarked
package org.brokerhandoff.schemas;

import org.jspecify.annotations.NullMarked;
