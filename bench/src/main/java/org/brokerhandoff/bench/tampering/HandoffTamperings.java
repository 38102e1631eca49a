package org.brokerhandoff.bench.tampering;

import static org.brokerhandoff.bench.tampering.Forger.any;
import static org.brokerhandoff.bench.tampering.Forger.plain;
import static org.brokerhandoff.bench.tampering.Tampering.found;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.brokerhandoff.bench.tampering.Forger.Life;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.BrokerLoad;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.schemas.Digests;

/** Faults in decisions and in what was sent to brokers. */
final class HandoffTamperings {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final BiPredicate<Assigned, Life> ASSIGNED = plain();
    private static final BiPredicate<Delivered, Life> DELIVERED = plain();

    private HandoffTamperings() {}

    static List<Tampering> all() {
        return List.of(
                found("assigned-before-handoff", "no assignment", f -> f.remove(Assigned.class, ASSIGNED)),
                found(
                        "assigned-before-handoff",
                        "assigned after the acceptance",
                        f -> f.move(Assigned.class, ASSIGNED, Delivered.class)),
                found(
                        "assigned-before-handoff",
                        "another broker accepted than was assigned",
                        f -> f.change(
                                Delivered.class,
                                DELIVERED,
                                e -> Delivered.newBuilder(e)
                                        .setBroker(e.getBroker().equals("steady") ? "choosy" : "steady")
                                        .build())),
                found(
                        "assigned-before-handoff",
                        "an attempt at another broker than was assigned",
                        f -> f.change(
                                AttemptMade.class,
                                any(),
                                e -> AttemptMade.newBuilder(e)
                                        .setBroker("helpdesk")
                                        .build())),
                found(
                        "decision-replays",
                        "another broker than the rules lead to",
                        f -> assigned(
                                f,
                                (e, life) -> ASSIGNED.test(e, life)
                                        && e.getCandidates().size() > 1,
                                e -> e.setBroker(e.getCandidates().stream()
                                        .map(candidate -> candidate.getBroker())
                                        .filter(broker -> !broker.equals(e.getBroker()))
                                        .findFirst()
                                        .orElseThrow()))),
                found(
                        "decision-replays",
                        "a candidate was left out",
                        f -> assigned(
                                f,
                                (e, life) -> ASSIGNED.test(e, life)
                                        && e.getCandidates().size() > 1,
                                e -> e.setCandidates(e.getCandidates()
                                        .subList(0, e.getCandidates().size() - 1)))),
                found(
                        "decision-replays",
                        "a broker was excluded, and the log does not say why",
                        f -> assigned(f, (e, life) -> !e.getExclusions().isEmpty(), e -> e.setExclusions(List.of()))),
                found(
                        "decision-replays",
                        "given up though a recipient had not refused",
                        f -> f.change(Undeliverable.class, any(), e -> {
                            List<String> more = new ArrayList<>(e.getRecipients());
                            more.add("steady");
                            return Undeliverable.newBuilder(e)
                                    .setRecipients(more)
                                    .build();
                        })),
                found(
                        "inputs-as-consented",
                        "a decision for another country",
                        f -> assigned(
                                f, ASSIGNED, e -> e.setCountry(e.getCountry().equals("IS") ? "LI" : "IS"))),
                found(
                        "directory-published",
                        "a decision by a directory that was never published",
                        f -> assigned(f, ASSIGNED, e -> e.setDirectoryDigest(Digests.sha256("none")))),
                found(
                        "load-as-logged",
                        "a decision that counts more places as taken than there were",
                        f -> assigned(
                                f,
                                (e, life) -> e.getLoads().stream().anyMatch(load -> load.getHourlyPlaces() != null),
                                e -> e.setLoads(e.getLoads().stream()
                                        .map(load -> load.getHourlyPlaces() == null
                                                ? load
                                                : BrokerLoad.newBuilder(load)
                                                        .setHourlyPlaces(load.getHourlyPlaces() + 7_000)
                                                        .build())
                                        .toList()))),
                found(
                        "suspension-published",
                        "a suspension that a decision rests on was never published",
                        f -> f.removeAll(BrokerSuspended.class, any())),
                found(
                        "next-broker-after-refusal",
                        "no refusal, and the next broker has it",
                        f -> f.remove(Refused.class, (e, life) -> life.has(Delivered.class))),
                found(
                        "next-broker-after-refusal",
                        "refused after the next broker had accepted",
                        f -> f.move(Refused.class, (e, life) -> life.has(Delivered.class), Delivered.class)),
                found(
                        "next-broker-after-refusal",
                        "the first of two assignments is missing",
                        f -> f.remove(
                                Assigned.class,
                                (e, life) ->
                                        e.getHop() == 0 && life.has(Assigned.class, other -> other.getHop() == 1))),
                found(
                        "one-broker-accepts",
                        "the broker that refused accepted as well",
                        f -> f.add(
                                Refused.class,
                                (e, life) -> life.has(Delivered.class),
                                e -> new Delivered(
                                        e.getSignupId(),
                                        e.getBroker(),
                                        e.getAttempt() + 1,
                                        e.getRefusedAt(),
                                        e.getRefusedAt(),
                                        false,
                                        200))),
                found(
                        "accepted-by-status",
                        "a refusal taken for an acceptance",
                        f -> f.change(
                                Delivered.class,
                                DELIVERED,
                                e -> Delivered.newBuilder(e).setStatus(422).build())),
                found(
                        "attempt-in-order",
                        "sent an hour before its broker was chosen",
                        f -> f.change(
                                Delivered.class,
                                DELIVERED,
                                e -> Delivered.newBuilder(e)
                                        .setStartedAt(e.getStartedAt().minus(HOUR))
                                        .build())),
                found(
                        "attempt-in-order",
                        "accepted an hour before it was sent",
                        f -> f.change(
                                Delivered.class,
                                DELIVERED,
                                e -> Delivered.newBuilder(e)
                                        .setAcceptedAt(e.getAcceptedAt().minus(HOUR))
                                        .build())),
                found(
                        "attempt-in-order",
                        "an attempt that ended before it started",
                        f -> f.change(
                                AttemptMade.class,
                                any(),
                                e -> AttemptMade.newBuilder(e)
                                        .setEndedAt(e.getStartedAt().minus(HOUR))
                                        .build())),
                found(
                        "attempt-in-order",
                        "refused before it was sent",
                        f -> f.change(
                                Refused.class,
                                any(),
                                e -> Refused.newBuilder(e)
                                        .setRefusedAt(e.getStartedAt().minus(HOUR))
                                        .build())),
                found(
                        "purge-reason",
                        "no acceptance, and the purge says delivered",
                        f -> f.remove(Delivered.class, DELIVERED)),
                found(
                        "purge-reason",
                        "no event says that no broker would accept it",
                        f -> f.remove(Undeliverable.class, any())),
                found(
                        "purge-reason",
                        "a broker accepted a signup that was given up",
                        f -> f.add(
                                Refused.class,
                                (e, life) -> life.has(Undeliverable.class) && life.count(Refused.class) == 1,
                                e -> new Delivered(
                                        e.getSignupId(),
                                        e.getBroker(),
                                        e.getAttempt() + 1,
                                        e.getRefusedAt(),
                                        e.getRefusedAt(),
                                        false,
                                        200))),
                found(
                        "purged-once",
                        "an attempt a day after the purge",
                        f -> f.add(
                                Delivered.class,
                                DELIVERED,
                                e -> AttemptMade.newBuilder()
                                        .setSignupId(e.getSignupId())
                                        .setBroker(e.getBroker())
                                        .setAttempt(e.getAttempt() + 1)
                                        .setStartedAt(e.getAcceptedAt().plus(Duration.ofDays(1)))
                                        .setEndedAt(e.getAcceptedAt().plus(Duration.ofDays(1)))
                                        .setOutcome(AttemptOutcome.UNKNOWN)
                                        .build())),
                found(
                        "broker-published",
                        "parked for a broker that no directory has",
                        f -> f.change(
                                Parked.class,
                                (e, life) -> e.getBroker() != null,
                                e -> Parked.newBuilder(e)
                                        .setBroker("nobody-knows")
                                        .build())),
                found(
                        "place-before-attempt",
                        "no place was asked for at a broker with a cap",
                        f -> f.remove(PlaceRequested.class, (e, life) -> life.has(Delivered.class))),
                found(
                        "place-by-directory",
                        "a place asked for under another cap",
                        f -> place(f, e -> e.setHourlyCap(1))),
                found(
                        "place-before-attempt",
                        "a place of another hour",
                        f -> place(
                                f,
                                e -> e.setRequestedAt(e.getRequestedAt().minus(HOUR))
                                        .setHour(e.getHour().minus(HOUR)))));
    }

    private static Optional<Forgery> assigned(
            Forger forger, BiPredicate<Assigned, Life> which, Consumer<Assigned.Builder> change) {
        return forger.change(Assigned.class, which, e -> {
            Assigned.Builder builder = Assigned.newBuilder(e);
            change.accept(builder);
            return builder.build();
        });
    }

    private static Optional<Forgery> place(Forger forger, Consumer<PlaceRequested.Builder> change) {
        return forger.change(PlaceRequested.class, (e, life) -> life.has(Delivered.class), e -> {
            PlaceRequested.Builder builder = PlaceRequested.newBuilder(e);
            change.accept(builder);
            return builder.build();
        });
    }
}
