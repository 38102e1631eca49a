/**
 * The live page for officers: what is held, what is owed and until when, how recipients stand, and the proven life of one signup. {@link
 * org.brokerhandoff.audit.live.LiveState} folds the log into a view, {@link org.brokerhandoff.audit.live.LivePages} writes views as pages; at
 * the edges the log is followed and HTTP is answered.
 *
 * <p>Read-only: nothing here writes to Kafka or to a file, so a restart loses nothing and reads the log again. What must not live here:
 * judgement of the log, which is {@code verify}'s.
 */
@NullMarked
package org.brokerhandoff.audit.live;

import org.jspecify.annotations.NullMarked;
