package org.brokerhandoff.router.handoff;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.router.domain.History;

/**
 * What is known after a step.
 *
 * @param pinged brokers that want the signup
 * @param denied brokers whose breakers have been open for long, and left this signup without an attempt
 */
record Situation(History history, Optional<ReadBack> readBack, Set<String> pinged, Set<String> denied, Ownership ours) {
    Situation with(History newHistory) {
        return new Situation(newHistory, readBack, pinged, denied, ours);
    }

    Situation with(Optional<ReadBack> newReadBack) {
        return new Situation(history, newReadBack, pinged, denied, ours);
    }

    Situation wantedBy(String broker) {
        Set<String> wanted = new HashSet<>(pinged);
        wanted.add(broker);
        return new Situation(history, readBack, Set.copyOf(wanted), denied, ours);
    }

    Situation deniedBy(String broker) {
        Set<String> denying = new HashSet<>(denied);
        denying.add(broker);
        return new Situation(history, readBack, pinged, Set.copyOf(denying), ours);
    }
}
