package org.brokerhandoff.bench;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.quickstart.traffic.WebsiteClient.Reply;

/** What people ask for in a run, and what they are answered. */
final class RightsRun {
    /** What a person does. */
    enum Plan {
        NOTHING,
        WITHDRAWAL,
        ERASURE,
        /** Restricted, then the restriction is refused: the handoff continues. */
        RESTRICTION_REFUSED,
        /** Restricted, then erased. */
        RESTRICTION_ERASED,
        OBJECTION_GRANTED,
        OBJECTION_REFUSED,
        /** The data is corrected once a broker has it. */
        RECTIFICATION,
        /** Corrected, and withdrawn thereupon. */
        RECTIFICATION_WITHDRAWN;

        private static final Plan[] ALL = values();

        static Plan random(Random random) {
            return ALL[random.nextInt(ALL.length)];
        }

        /** What is asked for first. */
        String right() {
            return switch (this) {
                case ERASURE -> "erasure";
                case RESTRICTION_REFUSED, RESTRICTION_ERASED -> "restriction";
                default -> "objection";
            };
        }

        boolean corrects() {
            return this == RECTIFICATION || this == RECTIFICATION_WITHDRAWN;
        }

        boolean ends() {
            return this != NOTHING && this != RESTRICTION_REFUSED && this != OBJECTION_REFUSED && this != RECTIFICATION;
        }
    }

    /**
     * A request that was answered.
     *
     * @param found what it found in custody, by the answer
     * @param takers who had the data when it was answered
     */
    record Asked(UUID signupId, UUID requestId, String type, String found, Set<String> takers) {
        boolean corrects() {
            return type.equals("rectification");
        }
    }

    final Map<UUID, Plan> accepted = new ConcurrentHashMap<>();
    final Map<UUID, Asked> requests = new ConcurrentHashMap<>();
    /** Signups that ended before a broker was offered them, or are restricted: by what they were answered. */
    final Map<UUID, String> stopped = new ConcurrentHashMap<>();

    /** How often new data had come to a broker when nothing more may come, by signup. */
    final Map<UUID, Integer> lastArrivals = new ConcurrentHashMap<>();

    final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    final Set<String> problems = ConcurrentHashMap.newKeySet();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger samples = new AtomicInteger();
    final AtomicBoolean over = new AtomicBoolean();

    void answered(String answer) {
        answers.computeIfAbsent(answer, unused -> new AtomicInteger()).incrementAndGet();
    }

    /** Keeps what a request was answered; empty if it was not taken. */
    Optional<Asked> taken(Rig rig, UUID signupId, boolean succeeded, Reply reply) {
        if (!succeeded || reply.status() != 202) {
            problems.add("a request as to " + signupId + " was not taken");
            return Optional.empty();
        }
        Asked asked = new Asked(
                signupId,
                UUID.fromString(reply.members().get("requestId")),
                String.valueOf(reply.members().get("type")),
                String.valueOf(reply.members().get("found")),
                Set.copyOf(rig.takers(signupId)));
        requests.put(asked.requestId(), asked);
        answered(asked.type() + " " + asked.found());
        return Optional.of(asked);
    }

    /** All brokers that have seen a signup in a handoff, whatever they did with it. */
    static Set<String> seenBy(Rig rig, UUID signupId) {
        Set<String> seen = new TreeSet<>();
        rig.brokers.forEach((id, broker) -> broker.books()
                .account(signupId)
                .filter(account -> account.deliveries() > 0)
                .ifPresent(account -> seen.add(id)));
        return seen;
    }
}
