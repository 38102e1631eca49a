/**
 * Documents for a supervisory authority, a person or a recipient, made from the event log alone: no name, no address, nothing that the log does
 * not say.
 *
 * <p>What must not live here: Kafka (the commands read the log), and judgement of the log, which is {@code verify}'s.
 */
@NullMarked
package org.brokerhandoff.audit.authority;

import org.jspecify.annotations.NullMarked;
