package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.before;
import static org.brokerhandoff.audit.verify.SampleHistories.AFTER_THE_HOLD;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.published;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.canary.Canaries;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.event.Candidate;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PurgeReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CanaryRulesTest {
    private static final String BROKER = "canary-one";
    private static final DirectoryPublished DIRECTORY = before(
            Life.directory(Life.broker(BROKER, 1).setStatus(BrokerStatus.TEST).build()));

    private static CanaryChecked said(long millis, CanaryVerdict verdict) {
        return said(millis, verdict, canary -> canary);
    }

    private static CanaryChecked said(long millis, CanaryVerdict verdict, UnaryOperator<CanaryChecked.Builder> change) {
        return Canaries.checked(LIFE.granted().getSignupId(), LIFE.at(millis), verdict, change);
    }

    /** A canary's life up to its purge. */
    private static History canary(PurgeReason reason) {
        History begun = published()
                .write(
                        DIRECTORY,
                        ConsentGranted.newBuilder(LIFE.granted())
                                .setRecipients(List.of(BROKER))
                                .build(),
                        Assigned.newBuilder(LIFE.assigned(FJORD, 0, 10))
                                .setBroker(BROKER)
                                .setDirectoryDigest(DIRECTORY.getDigest())
                                .setRecipients(List.of(BROKER))
                                .setCandidates(List.of(new Candidate(BROKER, 1, 1)))
                                .build());
        return reason == PurgeReason.DELIVERED
                ? begun.write(LIFE.delivered(BROKER, 1, 200), LIFE.purged(reason, 230))
                : begun.write(LIFE.purged(reason, SampleHistories.EXPIRY_MILLIS));
    }

    private static History clean() {
        return canary(PurgeReason.DELIVERED);
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach(
                        "canary-signed",
                        "other files were searched, under the signature of another result",
                        clean().write(CanaryChecked.newBuilder(said(5_000, CanaryVerdict.CLEAN))
                                .setFiles(7)
                                .build())),
                breach(
                        "canary-consistent",
                        "clean before it was purged",
                        clean().write(said(-120_000, CanaryVerdict.CLEAN))),
                breach(
                        "canary-consistent",
                        "not purged an hour after its purge",
                        clean().write(said(3_600_000, CanaryVerdict.NOT_PURGED))),
                breach(
                        "canary-consistent",
                        "clean, but found once",
                        clean().write(said(5_000, CanaryVerdict.CLEAN, e -> e.setFindings(1)))),
                breach(
                        "canary-consistent",
                        "clean, but not all was read",
                        clean().write(said(5_000, CanaryVerdict.CLEAN, e -> e.setUnreadable(1)))),
                breach("canary-consistent", "found nowhere", clean().write(said(5_000, CanaryVerdict.FOUND))),
                breach(
                        "canary-consistent",
                        "all was read, yet inconclusive",
                        clean().write(said(5_000, CanaryVerdict.CANNOT_TELL))),
                breach(
                        "canary-consistent",
                        "clean, but never delivered",
                        canary(PurgeReason.EXPIRED)
                                .write(said(SampleHistories.EXPIRY_MILLIS + 5_000, CanaryVerdict.CLEAN))),
                breach(
                        "canary-consistent",
                        "without a control",
                        clean().write(said(5_000, CanaryVerdict.CLEAN, e -> e.setPlanted(0)))),
                breach(
                        "canary-consistent",
                        "searched for before it was sent",
                        clean().write(said(5_000, CanaryVerdict.CLEAN, e -> e.setSentAt(LIFE.at(5_001))))),
                breach(
                        "canary-consistent",
                        "a person, as a canary",
                        delivered().write(said(5_000, CanaryVerdict.CLEAN))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }

    @Test
    void what_an_honest_canary_says_breaks_nothing() {
        for (CanaryChecked honest : List.of(
                said(5_000, CanaryVerdict.CLEAN),
                said(5_000, CanaryVerdict.FOUND, e -> e.setFindings(3)),
                said(5_000, CanaryVerdict.FOUND, e -> e.setFindings(3).setUnreadable(1)),
                said(5_000, CanaryVerdict.CANNOT_TELL, e -> e.setUnreadable(1)),
                // It gave up just before the purge.
                said(1_000, CanaryVerdict.NOT_PURGED))) {
            assertThat(clean().write(honest).verdict(AFTER_THE_HOLD, false).violations())
                    .as(honest.getVerdict().name())
                    .isEmpty();
        }
        assertThat(canary(PurgeReason.EXPIRED)
                        .write(said(SampleHistories.EXPIRY_MILLIS + 5_000, CanaryVerdict.CANNOT_TELL))
                        .verdict(AFTER_THE_HOLD, false)
                        .violations())
                .isEmpty();
    }
}
