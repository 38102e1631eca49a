/**
 * The one source of time for everything that expires, dates or compares: the host's clock, as far as it can be true.
 *
 * <p>{@link org.brokerhandoff.custody.time.ClockJudge} decides, on values; {@link org.brokerhandoff.custody.time.HostClock} is the only
 * place in the services where a wall clock is read; {@link org.brokerhandoff.custody.time.TrustedTime} brings them together.
 * docs/custody.md, "Time", has what is promised and what cannot be known.
 *
 * <p>What must not live here: what to do about a wrong clock, and Kafka.
 */
@NullMarked
package org.brokerhandoff.custody.time;

import org.jspecify.annotations.NullMarked;
