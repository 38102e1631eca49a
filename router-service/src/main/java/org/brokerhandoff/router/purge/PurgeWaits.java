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

    /** Purges that wait for their cut, or for replicas of which some are away. */
    static PurgeWaits forCuts(int purges, Set<Integer> brokersAway) {
        return purges == 0
                ? NONE
                : new PurgeWaits(
                        brokersAway.isEmpty() ? purges : 0, brokersAway.isEmpty() ? 0 : purges, 0, brokersAway);
    }

    /** These and others. */
    PurgeWaits and(PurgeWaits others) {
        Set<Integer> away = new TreeSet<>(brokersAway);
        away.addAll(others.brokersAway);
        return new PurgeWaits(
                forCut + others.forCut, forReplicas + others.forReplicas, forErasure + others.forErasure, away);
    }
}
