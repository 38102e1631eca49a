package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.TWO_HOURS_BEFORE;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.untold;

import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Violations of the rules on notices: each is found by its rule and by no other. */
class NoticeBreachesTest {
    static Stream<Arguments> breaches() {
        return Stream.of(
                breach(
                        "withdrawal-notified",
                        "the broker was not notified",
                        untold(new Life(LIFE.id(), 0, TWO_HOURS_BEFORE))),
                breach(
                        "notice-to-holder",
                        "a broker that was never assigned is told",
                        delivered()
                                .write(
                                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 400),
                                        NoticeRulesTest.sent(NORDLYS, NoticeOutcome.COMPLETED))),
                breach(
                        "notice-confirmed-after-sent",
                        "nothing was sent",
                        delivered()
                                .write(
                                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 400),
                                        NoticeRulesTest.confirmed(FJORD))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }
}
