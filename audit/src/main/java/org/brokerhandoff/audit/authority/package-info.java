/**
 * Documents for a supervisory authority, a person or a recipient, made from the event log alone: no name, no address, nothing that is not in
 * the log.
 *
 * <p>Must not contain: Kafka (the commands read the log), and judgement of the log, which belongs to {@code verify}.
 */
@NullMarked
package org.brokerhandoff.audit.authority;

import org.jspecify.annotations.NullMarked;
