package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.WITH_HELPDESK;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.by;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.first;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.message;
import static org.brokerhandoff.audit.verify.SampleHistories.EXPIRY_MILLIS;
import static org.brokerhandoff.audit.verify.SampleHistories.HOUR_BEFORE;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.consentedAt;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.invalid;
import static org.brokerhandoff.audit.verify.SampleHistories.otherPolicy;
import static org.brokerhandoff.audit.verify.SampleHistories.published;
import static org.brokerhandoff.audit.verify.SampleHistories.withdrawnAfter;
import static org.brokerhandoff.audit.verify.SampleHistories.withdrawnAfterSome;
import static org.brokerhandoff.audit.verify.SampleHistories.withdrawnBefore;

import java.util.List;
import java.util.stream.Stream;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Violations of the rules on consent: each is found by its rule and by no other. */
class ConsentRulesTest {
    private static final long FURTHER_THAN_CLOCKS = ProcessClocks.MOST_APART_MILLIS + 1;

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach("consent-before-handoff", "no consent", delivered().without(ConsentGranted.class)),
                breach(
                        "consent-before-handoff",
                        "no consent, purged as expired though a sealed record was published",
                        published().write(LIFE.purged(PurgeReason.EXPIRED, EXPIRY_MILLIS))),
                breach(
                        "consent-before-handoff",
                        "an unreadable record that was assigned",
                        invalid().write(LIFE.assigned(FJORD, 0, 10))),
                breach(
                        "consent-before-handoff",
                        "an attempt before the consent was received",
                        delivered()
                                .change(Assigned.class, e -> LIFE.assigned(FJORD, 0, -FURTHER_THAN_CLOCKS))
                                .change(
                                        AttemptMade.class,
                                        e -> AttemptMade.newBuilder(e)
                                                .setStartedAt(LIFE.at(-FURTHER_THAN_CLOCKS))
                                                .build())),
                breach(
                        "recipient-in-consent",
                        "the broker is not a recipient",
                        delivered()
                                .change(
                                        ConsentGranted.class,
                                        e -> ConsentGranted.newBuilder(e)
                                                .setRecipients(List.of(NORDLYS))
                                                .build())),
                breach(
                        "consent-covers-handoff",
                        "the purpose is missing",
                        delivered()
                                .change(
                                        ConsentGranted.class,
                                        e -> ConsentGranted.newBuilder(e)
                                                .setPurposes(List.of())
                                                .build())),
                breach("policy-published", "no policy", delivered().without(PolicyPublished.class)),
                breach(
                        "policy-published",
                        "a version of the cookie policy",
                        delivered()
                                .change(
                                        PolicyPublished.class,
                                        e -> PolicyPublished.newBuilder(e)
                                                .setKind(DocumentKind.COOKIES)
                                                .build())),
                breach(
                        "policy-published",
                        "another text was shown",
                        delivered()
                                .change(
                                        ConsentGranted.class,
                                        e -> ConsentGranted.newBuilder(e)
                                                .setNoticeDigest(Digests.sha256("another"))
                                                .build())),
                breach(
                        "policy-published",
                        "not yet in effect",
                        delivered()
                                .change(
                                        PolicyPublished.class,
                                        e -> PolicyPublished.newBuilder(e)
                                                .setEffectiveAt(RECEIVED.plusMillis(1))
                                                .build())),
                breach(
                        "policy-published",
                        "published afterwards, dated back",
                        delivered()
                                .change(
                                        PolicyPublished.class,
                                        e -> PolicyPublished.newBuilder(e)
                                                .setPublishedAt(RECEIVED.plusMillis(1))
                                                .build())),
                breach(
                        "policy-published",
                        "not yet in effect when the consent was given",
                        delivered()
                                .change(
                                        PolicyPublished.class,
                                        e -> PolicyPublished.newBuilder(e)
                                                .setEffectiveAt(RECEIVED.minusMillis(899))
                                                .build())),
                breach(
                        "policy-published",
                        "given before it was superseded, received after the time of grace",
                        consentedAt(RECEIVED.minusSeconds(16 * 60))
                                .write(otherPolicy(
                                        RECEIVED.minusSeconds(15 * 60).minusMillis(1), HOUR_BEFORE))),
                breach(
                        "policy-published",
                        "superseded by a policy that every service knew",
                        delivered().write(otherPolicy(HOUR_BEFORE, RECEIVED.minusSeconds(46)))),
                breach(
                        "policy-published",
                        "superseded in another language",
                        delivered()
                                .write(PolicyPublished.newBuilder(otherPolicy(HOUR_BEFORE, HOUR_BEFORE))
                                        .setLanguage("en")
                                        .build())),
                breach(
                        "policy-published",
                        "superseded",
                        delivered().write(otherPolicy(RECEIVED.minusSeconds(1), RECEIVED.minusSeconds(60)))),
                breach(
                        "no-attempt-after-withdrawal",
                        "an attempt though the key was destroyed",
                        withdrawnBefore().write(LIFE.attempt(FJORD, 1, 12, AttemptOutcome.UNKNOWN))),
                breach(
                        "no-attempt-after-withdrawal",
                        "an attempt after the withdrawal",
                        withdrawnAfter().write(LIFE.attempt(FJORD, 2, 26, AttemptOutcome.UNKNOWN))),
                breach(
                        "no-attempt-after-withdrawal",
                        "an acceptance of an attempt after the withdrawal",
                        withdrawnAfter().write(LIFE.delivered(FJORD, 2, 26))),
                breach(
                        "no-attempt-after-withdrawal",
                        "an attempt that the slot counts after the withdrawal, by a slow clock",
                        withdrawnAfter().write(LIFE.attempt(FJORD, 2, 21, AttemptOutcome.UNKNOWN))),
                breach(
                        "no-attempt-after-withdrawal",
                        "an attempt with an earlier number, beyond the tolerance for clocks",
                        withdrawnAfter()
                                .write(LIFE.attempt(FJORD, 1, 25 + FURTHER_THAN_CLOCKS, AttemptOutcome.UNKNOWN))),
                breach(
                        "no-attempt-after-withdrawal",
                        "an attempt beyond the tolerance for clocks, after a withdrawal that does not say what it found",
                        withdrawnAfterSome()
                                .write(LIFE.attempt(FJORD, 2, 25 + FURTHER_THAN_CLOCKS, AttemptOutcome.UNKNOWN))),
                breach(
                        "consent-covers-handoff",
                        "a message went to a broker",
                        by(WITH_HELPDESK)
                                .write(
                                        LIFE.contact("helpdesk", FJORD),
                                        first(LIFE, WITH_HELPDESK),
                                        LIFE.delivered(FJORD, 1, 20),
                                        LIFE.purged(PurgeReason.DELIVERED, 90))),
                breach(
                        "recipient-in-consent",
                        "a message went to another recipient",
                        message().change(ContactReceived.class, e -> LIFE.contact("other-desk"))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }
}
