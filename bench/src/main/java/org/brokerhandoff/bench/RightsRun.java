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

/** People's requests in a run, and the answers. */
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
        /** Corrected, and then withdrawn. */
        RECTIFICATION_WITHDRAWN;

        private static final Plan[] ALL = values();

        static Plan random(Random random) {
            return ALL[random.nextInt(ALL.length)];
        }

        /** The first request. */
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
     * An answered request.
     *
     * @param found state in custody, by the answer
     * @param takers holders of the data when it was answered
     */
    record Asked(UUID signupId, UUID requestId, String type, String found, Set<String> takers) {
        boolean corrects() {
            return type.equals("rectification");
        }
    }

    final Map<UUID, Plan> accepted = new ConcurrentHashMap<>();
    final Map<UUID, Asked> requests = new ConcurrentHashMap<>();
    /** Signups that ended before a broker was offered them, or are restricted: by the answer. */
    final Map<UUID, String> stopped = new ConcurrentHashMap<>();

    /** By signup, how often new data had reached a broker when no more may follow. */
    final Map<UUID, Integer> lastArrivals = new ConcurrentHashMap<>();

    final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    final Set<String> problems = ConcurrentHashMap.newKeySet();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger samples = new AtomicInteger();
    final AtomicBoolean over = new AtomicBoolean();

    void answered(String answer) {
        answers.computeIfAbsent(answer, unused -> new AtomicInteger()).incrementAndGet();
    }

    /** Records the answer to a request; empty if it was not accepted. */
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

    /** All brokers that have seen a signup in a handoff, with any result. */
    static Set<String> seenBy(Rig rig, UUID signupId) {
        Set<String> seen = new TreeSet<>();
        rig.brokers.forEach((id, broker) -> broker.books()
                .account(signupId)
                .filter(account -> account.deliveries() > 0)
                .ifPresent(account -> seen.add(id)));
        return seen;
    }
}
