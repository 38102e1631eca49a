package org.brokerhandoff.bench;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/**
 * The log's content about notices.
 *
 * @param assigned the brokers each signup was assigned to
 * @param withdrawn when each was withdrawn
 * @param confirmed when each broker confirmed
 * @param sent the brokers that were sent a notice
 * @param outcomes sendings by outcome
 * @param escalations escalations by reason
 */
record NoticesInLog(
        Map<UUID, Set<String>> assigned,
        Map<UUID, Instant> withdrawn,
        Map<UUID, Map<String, Instant>> confirmed,
        Map<UUID, Set<String>> sent,
        Map<String, Integer> outcomes,
        Map<String, Integer> escalations) {
    static NoticesInLog read(Rig rig) {
        NoticesInLog log = new NoticesInLog(
                new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>(), new TreeMap<>(), new TreeMap<>());
        try (EventReader reader = new EventReader(rig.clients, rig.codec, "bench-notices")) {
            reader.readAll(List.of(Topic.CONSENTS, Topic.HANDOFFS), received -> {
                if (received.decoded() instanceof Decoded.Event event) {
                    log.add(event.event());
                }
            });
        }
        return log;
    }

    private void add(Object event) {
        if (event instanceof Assigned e) {
            assigned.computeIfAbsent(SignupIds.uuid(e.getSignupId()), id -> new TreeSet<>())
                    .add(e.getBroker());
        } else if (event instanceof ConsentWithdrawn e) {
            withdrawn.putIfAbsent(SignupIds.uuid(e.getSignupId()), e.getWithdrawnAt());
        } else if (event instanceof NoticeSent e) {
            sent.computeIfAbsent(SignupIds.uuid(e.getSignupId()), id -> new TreeSet<>())
                    .add(e.getBroker());
            outcomes.merge(e.getOutcome().name(), 1, Integer::sum);
        } else if (event instanceof NoticeConfirmed e) {
            confirmed
                    .computeIfAbsent(SignupIds.uuid(e.getSignupId()), id -> new HashMap<>())
                    .putIfAbsent(e.getBroker(), e.getConfirmedAt());
        } else if (event instanceof NoticeEscalated e) {
            escalations.merge(e.getReason().name(), 1, Integer::sum);
        }
    }
}
