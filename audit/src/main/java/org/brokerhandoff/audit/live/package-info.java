/**
 * The live page for officers: what is held, what is due and when, the state of recipients, and the proven life of one signup. {@link
 * org.brokerhandoff.audit.live.LiveState} folds the log into a view, {@link org.brokerhandoff.audit.live.LivePages} renders views as pages;
 * other classes follow the log and serve HTTP.
 *
 * <p>Read-only: nothing here writes to Kafka or to a file, so a restart loses nothing and reads the log again. Must not contain: judgement of
 * the log, which belongs to {@code verify}.
 */
@NullMarked
package org.brokerhandoff.audit.live;

import org.jspecify.annotations.NullMarked;
