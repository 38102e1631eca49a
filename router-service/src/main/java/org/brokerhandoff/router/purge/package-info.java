/**
 * From a destroyed key to a proven purge: which prefix of a partition is finished ({@link
 * org.brokerhandoff.router.purge.CompletionTracker}), when to cut, mark and verify ({@link
 * org.brokerhandoff.router.purge.PurgePlanner}, pure), and doing it ({@link org.brokerhandoff.router.purge.PurgeWorker}).
 *
 * <p>The outbox of purges is custody's slot file: a slot is freed only after Kafka has acknowledged its {@code Purged}. Nothing
 * here needs to be remembered over a crash.
 */
@NullMarked
package org.brokerhandoff.router.purge;

import org.jspecify.annotations.NullMarked;
