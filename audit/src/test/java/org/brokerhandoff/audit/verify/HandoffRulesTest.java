package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.SampleHistories.AFTER_RELEASE;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.assignedTwice;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.deliveredToTheSecond;
import static org.brokerhandoff.audit.verify.SampleHistories.expired;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.sentAgain;
import static org.brokerhandoff.audit.verify.SampleHistories.toTheSecond;

import java.util.stream.Stream;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Refused;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Violations of the rules on the handoff: each is found by its rule and by no other. */
class HandoffRulesTest {
    static Stream<Arguments> breaches() {
        return Stream.of(
                breach("assigned-before-handoff", "no assignment", delivered().without(Assigned.class)),
                breach(
                        "assigned-before-handoff",
                        "assigned afterwards",
                        delivered().move(Assigned.class, AttemptMade.class)),
                breach(
                        "assigned-before-handoff",
                        "another broker was contacted",
                        expired()
                                .change(
                                        AttemptMade.class,
                                        e -> AttemptMade.newBuilder(e)
                                                .setBroker(NORDLYS)
                                                .build())),
                breach(
                        "next-broker-after-refusal",
                        "no refusal",
                        deliveredToTheSecond()
                                .without(Refused.class)
                                .changeLast(Assigned.class, e -> LIFE.assignedInstead(1, 50))),
                breach(
                        "next-broker-after-refusal",
                        "refused afterwards",
                        deliveredToTheSecond()
                                .move(Refused.class, Delivered.class)
                                .changeLast(Assigned.class, e -> LIFE.assignedInstead(1, 50))),
                breach(
                        "next-broker-after-refusal",
                        "two brokers of one hop were contacted",
                        assignedTwice()
                                .write(
                                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                                        LIFE.delivered(NORDLYS, 1, 60),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "next-broker-after-refusal",
                        "the refusal was recorded behind the contact with the other broker of that hop",
                        assignedTwice()
                                .write(
                                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                                        LIFE.attempt(NORDLYS, 1, 40, AttemptOutcome.UNKNOWN),
                                        LIFE.refused(FJORD, 30),
                                        LIFE.delivered(NORDLYS, 2, 60),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "next-broker-after-refusal",
                        "another was contacted after the acceptance",
                        assignedTwice()
                                .write(
                                        LIFE.delivered(FJORD, 1, 20),
                                        LIFE.attempt(NORDLYS, 2, 60, AttemptOutcome.UNKNOWN),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "next-broker-after-refusal",
                        "a broker that had refused was contacted while the next one may have it",
                        deliveredToTheSecond().write(LIFE.attempt(FJORD, 2, 70, AttemptOutcome.UNKNOWN))),
                breach(
                        "next-broker-after-refusal",
                        "a broker that was sent it again after its release was treated as settled",
                        sentAgain()
                                .write(
                                        toTheSecond(AFTER_RELEASE + 50),
                                        LIFE.delivered(NORDLYS, 4, AFTER_RELEASE + 60),
                                        LIFE.purged(PurgeReason.DELIVERED, AFTER_RELEASE + 90))),
                breach(
                        "next-broker-after-refusal",
                        "a hop is missing",
                        deliveredToTheSecond().changeLast(Assigned.class, e -> LIFE.assigned(NORDLYS, 2, 50))),
                breach(
                        "one-broker-accepts",
                        "two acceptances",
                        deliveredToTheSecond().write(LIFE.delivered(FJORD, 2, 70))),
                breach("directory-published", "no directory", delivered().without(DirectoryPublished.class)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }
}
