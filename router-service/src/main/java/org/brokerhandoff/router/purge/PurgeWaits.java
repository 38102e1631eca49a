package org.brokerhandoff.router.purge;

import java.util.Set;
import java.util.TreeSet;

/**
 * How many purges wait, and for what. A value.
 *
 * @param forCut purges that wait for a cut or its verification
 * @param forReplicas purges that wait for replicas to be in sync
 * @param forErasure purges that wait for the brokers' files
 * @param brokersAway the Kafka brokers that {@code forReplicas} wait for
 */
public record PurgeWaits(int forCut, int forReplicas, int forErasure, Set<Integer> brokersAway) {
    /** Nothing waits. */
    public static final PurgeWaits NONE = new PurgeWaits(0, 0, 0, Set.of());

    /** Copies the set. */
    public PurgeWaits {
        brokersAway = Set.copyOf(brokersAway);
    }

    /** With one more that waits. */
    public PurgeWaits and(PurgeWait wait) {
        if (wait instanceof PurgeWait.ForReplicas replicas) {
            Set<Integer> away = new TreeSet<>(brokersAway);
            away.addAll(replicas.brokers());
            return new PurgeWaits(forCut, forReplicas + 1, forErasure, away);
        }
        return wait instanceof PurgeWait.ForErasure
                ? new PurgeWaits(forCut, forReplicas, forErasure + 1, brokersAway)
                : new PurgeWaits(forCut + 1, forReplicas, forErasure, brokersAway);
    }
}
