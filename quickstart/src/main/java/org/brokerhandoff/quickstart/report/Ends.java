package org.brokerhandoff.quickstart.report;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.quickstart.observe.Life;

/**
 * How the accepted signups ended: each in exactly one of the rows, so that the rows add up to the accepted.
 *
 * @param deliveredByBroker by the broker that has the person, also if the consent was withdrawn afterwards
 * @param withdrawnBefore withdrawn before any broker was offered the person
 * @param withdrawnDuring withdrawn while the handoff was in progress; no broker confirmed
 * @param undeliverable refused by every broker
 * @param expired not handed over before the time promised
 * @param invalid could not be read
 * @param open not purged yet, or not seen in the log
 */
public record Ends(
        Map<String, Long> deliveredByBroker,
        long withdrawnBefore,
        long withdrawnDuring,
        long undeliverable,
        long expired,
        long invalid,
        long open) {
    private enum Kind {
        DELIVERED,
        WITHDRAWN_BEFORE,
        WITHDRAWN_DURING,
        UNDELIVERABLE,
        EXPIRED,
        INVALID,
        OPEN
    }

    /** Copies the map, in the order of the brokers' ids. */
    public Ends {
        deliveredByBroker = Collections.unmodifiableMap(new TreeMap<>(deliveredByBroker));
    }

    /**
     * The ends of the accepted signups.
     *
     * @param accepted ids of the accepted signups
     * @param lives what is known; other signups in it are left out
     */
    public static Ends of(Set<UUID> accepted, Collection<Life> lives) {
        Map<UUID, Life> known =
                lives.stream().collect(Collectors.toMap(Life::signupId, Function.identity(), (first, second) -> first));
        Map<Kind, Long> kinds = accepted.stream()
                .map(id -> kind(known.getOrDefault(id, Life.of(id))))
                .collect(Collectors.groupingBy(kind -> kind, Collectors.counting()));
        Map<String, Long> brokers = accepted.stream()
                .map(id -> known.getOrDefault(id, Life.of(id)))
                .filter(life -> kind(life) == Kind.DELIVERED)
                .collect(Collectors.groupingBy(Ends::broker, Collectors.counting()));
        return new Ends(
                brokers,
                kinds.getOrDefault(Kind.WITHDRAWN_BEFORE, 0L),
                kinds.getOrDefault(Kind.WITHDRAWN_DURING, 0L),
                kinds.getOrDefault(Kind.UNDELIVERABLE, 0L),
                kinds.getOrDefault(Kind.EXPIRED, 0L),
                kinds.getOrDefault(Kind.INVALID, 0L),
                kinds.getOrDefault(Kind.OPEN, 0L));
    }

    private static Kind kind(Life life) {
        if (life.purged().isEmpty()) {
            return Kind.OPEN;
        }
        Purged purged = life.purged().get();
        // A broker that confirmed has the person, whatever came afterwards.
        if (life.delivered().isPresent()) {
            return Kind.DELIVERED;
        }
        return switch (purged.getReason()) {
            case DELIVERED -> Kind.DELIVERED;
            case WITHDRAWN ->
                life.withdrawal()
                                .filter(WithdrawalOutcome.ERASED_BEFORE_HANDOFF::equals)
                                .isPresent()
                        ? Kind.WITHDRAWN_BEFORE
                        : Kind.WITHDRAWN_DURING;
            case UNDELIVERABLE -> Kind.UNDELIVERABLE;
            case EXPIRED, LOST -> Kind.EXPIRED;
            case INVALID -> Kind.INVALID;
        };
    }

    private static String broker(Life life) {
        return life.delivered()
                .map(delivered -> delivered.getBroker())
                .or(life::assignedTo)
                .orElse("an unknown broker");
    }

    /** The sum of all rows. */
    public long total() {
        return rows().values().stream().mapToLong(Long::longValue).sum();
    }

    /** The rows by their names, those that are empty left out. */
    public Map<String, Long> rows() {
        Map<String, Long> rows = new LinkedHashMap<>();
        deliveredByBroker.forEach((broker, count) -> rows.put("delivered to " + broker, count));
        rows.put("withdrawn before the handoff", withdrawnBefore);
        rows.put("withdrawn during the handoff", withdrawnDuring);
        rows.put("undeliverable", undeliverable);
        rows.put("expired", expired);
        rows.put("unreadable", invalid);
        rows.put("not purged", open);
        rows.values().removeIf(count -> count == 0);
        return rows;
    }

    /** The rows for machines, the empty ones too. */
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("deliveredByBroker", deliveredByBroker);
        members.put("withdrawnBeforeHandoff", withdrawnBefore);
        members.put("withdrawnDuringHandoff", withdrawnDuring);
        members.put("undeliverable", undeliverable);
        members.put("expired", expired);
        members.put("unreadable", invalid);
        members.put("notPurged", open);
        return members;
    }
}
