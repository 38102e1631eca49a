package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.capped;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.cappedAfterAnother;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.claiming;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.inHours;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.tenAnHour;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.published;
import static org.brokerhandoff.audit.verify.SampleHistories.released;
import static org.brokerhandoff.audit.verify.SampleHistories.undeliverable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Reconciled;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.Undeliverable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Violations of the rules on routing: each is found by its rule and by no other. */
class RoutingRulesTest {
    static Stream<Arguments> breaches() {
        return Stream.of(
                breach(
                        "directory-digest",
                        "a broker's name was changed under the same digest",
                        delivered().change(DirectoryPublished.class, e -> {
                            List<PublishedBroker> brokers = new ArrayList<>(e.getBrokers());
                            brokers.set(
                                    0,
                                    PublishedBroker.newBuilder(brokers.get(0))
                                            .setName("another")
                                            .build());
                            return DirectoryPublished.newBuilder(e)
                                    .setBrokers(brokers)
                                    .build();
                        })),
                breach(
                        "decision-replays",
                        "another broker than the rules lead to",
                        published()
                                .write(
                                        LIFE.granted(),
                                        Assigned.newBuilder(LIFE.assigned(FJORD, 0, 10))
                                                .setBroker(NORDLYS)
                                                .build(),
                                        LIFE.delivered(NORDLYS, 1, 20),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "decision-replays",
                        "a candidate was left out",
                        delivered()
                                .change(
                                        Assigned.class,
                                        e -> Assigned.newBuilder(e)
                                                .setCandidates(e.getCandidates().subList(0, 1))
                                                .build())),
                breach(
                        "decision-replays",
                        "given up though a broker could take it",
                        undeliverable()
                                .change(ConsentGranted.class, e -> LIFE.granted())
                                .change(Assigned.class, e -> LIFE.assigned(FJORD, 0, 10))
                                .change(
                                        Undeliverable.class,
                                        e -> Undeliverable.newBuilder(e)
                                                .setRecipients(List.of(FJORD, NORDLYS))
                                                .build())),
                breach(
                        "load-as-logged",
                        "more places said to be taken than ever were",
                        tenAnHour().change(Assigned.class, e -> claiming(3))),
                breach(
                        "place-by-directory",
                        "a place asked for under another cap",
                        capped().change(PlaceRequested.class, e -> LIFE.place(FJORD, 5, 99))),
                breach("place-before-attempt", "no place", capped().without(PlaceRequested.class)),
                breach(
                        "place-before-attempt",
                        "a place of the hour before",
                        capped().change(PlaceRequested.class, e -> LIFE.place(FJORD, -1, 1))
                                .change(Delivered.class, e -> LIFE.delivered(FJORD, 1, 60_000))
                                .change(Purged.class, e -> LIFE.purged(PurgeReason.DELIVERED, 60_090))),
                breach("cap-respected", "a place given back after its use", cappedAfterAnother()),
                breach(
                        "hours-respected",
                        "an attempt after hours",
                        inHours(Duration.ofMinutes(32).toMillis())),
                breach(
                        "release-proven",
                        "released as unsent after an attempt that was sent",
                        released(RoutingRules.SIGNATURE_TOLERANCE, ReleaseReason.NOTHING_SENT)),
                breach(
                        "release-proven",
                        "asked while the request could still arrive",
                        released(RoutingRules.SIGNATURE_TOLERANCE.minusSeconds(1), ReleaseReason.NOT_RECEIVED)),
                breach(
                        "release-proven",
                        "an attempt that the release covers was accepted",
                        published()
                                .write(
                                        LIFE.granted(),
                                        LIFE.assigned(FJORD, 0, 10),
                                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.NOT_SENT),
                                        LIFE.released(FJORD, 60, ReleaseReason.NOTHING_SENT, 3),
                                        LIFE.delivered(FJORD, 2, 40),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "release-proven",
                        "the broker was not asked",
                        released(RoutingRules.SIGNATURE_TOLERANCE, ReleaseReason.NOT_RECEIVED)
                                .without(Reconciled.class)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }
}
