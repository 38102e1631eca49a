package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Disclosing.DECIDING;
import static org.brokerhandoff.audit.Disclosing.ENTERING;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.life;
import static org.brokerhandoff.audit.verify.SampleRequests.NEXT_YEAR;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Disclosing;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.RequestDecision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DisclosureRulesTest {
    private static final Disclosing ORDER = new Disclosing(LIFE, new UUID(4, 1), DisclosureBasis.COURT_ORDER);
    private static final Disclosing CONSENT = new Disclosing(LIFE, new UUID(4, 2), DisclosureBasis.CONSENT);
    private static final long BY = 1_000;

    private static History asked(Disclosing request) {
        return delivered().write(request.requested(300), request.asked(400, BY));
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach(
                        "disclosure-entered-before",
                        "decided without being entered",
                        delivered().write(ORDER.granted(500, DisclosureGround.LEGAL_BASIS))),
                breach(
                        "disclosure-entered-before",
                        "decided before it was entered",
                        delivered().write(ORDER.granted(500, DisclosureGround.LEGAL_BASIS), ORDER.requested(300))),
                breach(
                        "disclosure-entered-before",
                        "another request was entered",
                        delivered().write(CONSENT.requested(300), ORDER.granted(500, DisclosureGround.LEGAL_BASIS))),
                breach(
                        "disclosure-entered-before",
                        "the person was asked about no request",
                        delivered().write(CONSENT.asked(400, BY))),
                breach(
                        "request-steps-dated",
                        "a disclosure decided before it was entered, by its own time",
                        delivered().write(ORDER.requested(120_000), ORDER.granted(500, DisclosureGround.LEGAL_BASIS))),
                breach(
                        "request-steps-dated",
                        "the person was asked before the request was entered, by the question's time",
                        delivered().write(CONSENT.requested(120_000), CONSENT.asked(400, 200_000))),
                breach(
                        "request-steps-dated",
                        "the person answered before they were asked, by the answer's time",
                        delivered()
                                .write(
                                        CONSENT.requested(300),
                                        CONSENT.asked(120_000, 200_000),
                                        CONSENT.answered(500, true, null))),
                breach(
                        "disclosure-four-eyes",
                        "granted by the actor who entered it",
                        delivered()
                                .write(
                                        ORDER.requested(300),
                                        ORDER.decided(
                                                500, RequestDecision.GRANTED, DisclosureGround.LEGAL_BASIS, ENTERING))),
                breach(
                        "disclosure-four-eyes",
                        "refused by the actor who entered it",
                        delivered()
                                .write(
                                        ORDER.requested(300),
                                        ORDER.decided(
                                                500, RequestDecision.REFUSED, DisclosureGround.TOO_WIDE, ENTERING))),
                breach(
                        "disclosure-four-eyes",
                        "decided by another actor, and again by the one who entered it",
                        delivered()
                                .write(
                                        ORDER.requested(300),
                                        ORDER.granted(500, DisclosureGround.LEGAL_BASIS),
                                        ORDER.decided(
                                                501, RequestDecision.GRANTED, DisclosureGround.LEGAL_BASIS, ENTERING))),
                breach(
                        "disclosure-four-eyes",
                        "the entering actor answered for the person",
                        asked(CONSENT).write(CONSENT.answered(500, true, ENTERING))),
                breach(
                        "disclosure-four-eyes",
                        "the deciding actor answered for the person",
                        asked(CONSENT)
                                .write(
                                        CONSENT.answered(500, true, DECIDING),
                                        CONSENT.granted(600, DisclosureGround.PERSON_CONSENTED))),
                breach(
                        "disclosure-consent",
                        "granted without a question",
                        delivered()
                                .write(
                                        CONSENT.requested(300),
                                        CONSENT.granted(500, DisclosureGround.PERSON_CONSENTED))),
                breach(
                        "disclosure-consent",
                        "granted without an answer",
                        asked(CONSENT).write(CONSENT.granted(500, DisclosureGround.PERSON_CONSENTED))),
                breach(
                        "disclosure-consent",
                        "granted after a no",
                        asked(CONSENT)
                                .write(
                                        CONSENT.answered(500, false, null),
                                        CONSENT.granted(600, DisclosureGround.PERSON_CONSENTED))),
                breach(
                        "disclosure-consent",
                        "granted after a yes that followed a no",
                        asked(CONSENT)
                                .write(
                                        CONSENT.answered(500, false, null),
                                        CONSENT.answered(550, true, null),
                                        CONSENT.granted(600, DisclosureGround.PERSON_CONSENTED))),
                breach(
                        "disclosure-consent",
                        "granted, and answered afterwards",
                        asked(CONSENT)
                                .write(
                                        CONSENT.granted(500, DisclosureGround.PERSON_CONSENTED),
                                        CONSENT.answered(600, true, null))),
                breach(
                        "disclosure-consent",
                        "granted by law, and the basis was consent",
                        asked(CONSENT)
                                .write(
                                        CONSENT.answered(500, true, null),
                                        CONSENT.granted(600, DisclosureGround.LEGAL_BASIS))),
                breach(
                        "disclosure-consent",
                        "granted by an order in the person's name",
                        delivered().write(ORDER.requested(300), ORDER.granted(500, DisclosureGround.PERSON_CONSENTED))),
                breach(
                        "disclosure-consent",
                        "refused in the person's name before the time was over",
                        asked(CONSENT).write(CONSENT.refused(BY, DisclosureGround.PERSON_REFUSED))),
                breach(
                        "disclosure-consent",
                        "refused in the person's name, who consented",
                        asked(CONSENT)
                                .write(
                                        CONSENT.answered(500, true, null),
                                        CONSENT.refused(BY + 1, DisclosureGround.PERSON_REFUSED))),
                breach(
                        "disclosure-consent",
                        "granted for a reason to refuse",
                        delivered().write(ORDER.requested(300), ORDER.granted(500, DisclosureGround.TOO_WIDE))),
                breach(
                        "disclosure-answer-in-time",
                        "answered, and not asked",
                        delivered().write(CONSENT.requested(300), CONSENT.answered(500, true, null))),
                breach(
                        "disclosure-answer-in-time",
                        "answered before it was asked",
                        delivered()
                                .write(
                                        CONSENT.requested(300),
                                        CONSENT.answered(350, false, null),
                                        CONSENT.asked(400, BY))),
                breach(
                        "disclosure-answer-in-time",
                        "answered too late",
                        asked(CONSENT).write(CONSENT.answered(BY + 1, false, null))),
                breach(
                        "disclosure-decided-once",
                        "granted, then refused",
                        delivered()
                                .write(
                                        ORDER.requested(300),
                                        ORDER.granted(500, DisclosureGround.LEGAL_BASIS),
                                        ORDER.refused(501, DisclosureGround.TOO_WIDE))),
                breach(
                        "disclosure-decided-once",
                        "refused for two reasons",
                        delivered()
                                .write(
                                        ORDER.requested(300),
                                        ORDER.refused(500, DisclosureGround.NOT_COMPETENT),
                                        ORDER.refused(501, DisclosureGround.TOO_WIDE))),
                breach(
                        "repeats-agree",
                        "entered twice, by two",
                        delivered()
                                .write(
                                        ORDER.requested(300),
                                        DisclosureRequested.newBuilder(ORDER.requested(300))
                                                .setActor("admin-3")
                                                .build())));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }

    @Test
    void a_late_yes_is_late_and_no_consent() {
        History history = asked(CONSENT)
                .write(
                        CONSENT.answered(BY + 1, true, null),
                        CONSENT.granted(BY + 2, DisclosureGround.PERSON_CONSENTED));
        assertThat(history.verdict(NEXT_YEAR, true).brokenRules())
                .containsExactlyInAnyOrder("disclosure-consent", "disclosure-answer-in-time");
    }

    static Stream<Arguments> goodLives() {
        return Stream.of(
                life("entered, and not decided yet", () -> delivered().write(ORDER.requested(300))),
                life(
                        "granted by law",
                        () -> delivered()
                                .write(ORDER.requested(300), ORDER.granted(500, DisclosureGround.LEGAL_BASIS))),
                life(
                        "refused",
                        () -> delivered()
                                .write(ORDER.requested(300), ORDER.refused(500, DisclosureGround.NO_LEGAL_BASIS))),
                life(
                        "granted with the person's consent, in the last moment",
                        () -> asked(CONSENT)
                                .write(
                                        CONSENT.answered(BY, true, null),
                                        CONSENT.granted(BY, DisclosureGround.PERSON_CONSENTED))),
                life(
                        "granted with a consent that the website brought",
                        () -> asked(CONSENT)
                                .write(
                                        CONSENT.answered(500, true, "website-1"),
                                        CONSENT.granted(600, DisclosureGround.PERSON_CONSENTED))),
                life(
                        "refused by the person",
                        () -> asked(CONSENT)
                                .write(
                                        CONSENT.answered(500, false, null),
                                        CONSENT.refused(600, DisclosureGround.PERSON_REFUSED))),
                life(
                        "refused by silence",
                        () -> asked(CONSENT).write(CONSENT.refused(BY + 1, DisclosureGround.PERSON_REFUSED))),
                life(
                        "ordered by a court whatever the person says",
                        () -> asked(ORDER)
                                .write(
                                        ORDER.answered(500, false, null),
                                        ORDER.granted(600, DisclosureGround.LEGAL_BASIS))),
                life(
                        "decided alike by two services at once",
                        () -> delivered()
                                .write(
                                        ORDER.requested(300),
                                        ORDER.granted(500, DisclosureGround.LEGAL_BASIS),
                                        ORDER.decided(
                                                501,
                                                RequestDecision.GRANTED,
                                                DisclosureGround.LEGAL_BASIS,
                                                "admin-3"))),
                life(
                        "a no and a yes at once, of which the first counts",
                        () -> asked(CONSENT)
                                .write(
                                        CONSENT.answered(500, false, null),
                                        CONSENT.answered(501, true, "website-1"),
                                        CONSENT.refused(600, DisclosureGround.PERSON_REFUSED))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodLives")
    void a_life_with_requests_passes_every_rule(String name, Supplier<History> history) {
        assertThat(history.get().verdict(NEXT_YEAR, true).violations()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodLives")
    void events_published_again_behind_the_first_change_nothing(String name, Supplier<History> history) {
        Random random = new Random(7);
        for (int round = 0; round < 30; round++) {
            assertThat(history.get()
                            .repeatEverything(random)
                            .verdict(NEXT_YEAR, true)
                            .violations())
                    .isEmpty();
        }
    }

    @Test
    void requests_of_one_signup_are_judged_apart() {
        Verdict verdict = asked(CONSENT)
                .write(
                        ORDER.requested(300),
                        CONSENT.answered(500, true, null),
                        ORDER.granted(600, DisclosureGround.PERSON_CONSENTED))
                .verdict(NEXT_YEAR, true);
        assertThat(verdict.brokenRules()).containsExactly("disclosure-consent");
        assertThat(List.copyOf(verdict.violations()).get(0).sentence())
                .contains(ORDER.requestId().toString());
    }
}
