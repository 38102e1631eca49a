package org.brokerhandoff.ingest.disclosure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.ANSWER_BY;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.BY_LAW;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.DECIDING;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.ENTERING;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.NOON;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.QUESTION;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.ROTATED;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.RULES;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.SIGNUP;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.TOO_WIDE;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.WEBSITE;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.answer;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.asked;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.decide;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.decided;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.entered;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.key;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.refused;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.with;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.authentication.Caller;
import org.brokerhandoff.ingest.authentication.ReceiptHolder;
import org.brokerhandoff.ingest.domain.DisclosureConsent;
import org.brokerhandoff.ingest.domain.DisclosureRuling;
import org.brokerhandoff.register.Disclosure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DisclosureStepsTest {
    private static final Caller PERSON = new ReceiptHolder(SIGNUP);
    private static final DisclosureRuling BY_CONSENT =
            new DisclosureRuling(RequestDecision.GRANTED, DisclosureGround.PERSON_CONSENTED);
    private static final DisclosureRuling REFUSED_BY_PERSON =
            new DisclosureRuling(RequestDecision.REFUSED, DisclosureGround.PERSON_REFUSED);
    private static final DisclosureConsent YES = new DisclosureConsent(true, RequestMethod.WEBSITE);
    private static final DisclosureConsent NO = new DisclosureConsent(false, RequestMethod.LETTER);

    @Test
    void a_request_is_decided_by_another_actor_and_the_event_names_them() {
        Verdict verdict = decide(RULES, entered(DisclosureBasis.COURT_ORDER, "admin-1"), BY_LAW, DECIDING, NOON);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Allowed.class,
                        allowed -> assertThat(allowed.event())
                                .isInstanceOfSatisfying(DisclosureDecided.class, event -> {
                                    assertThat(event.getActor()).isEqualTo("admin-2");
                                    assertThat(event.getDecidedAt()).isEqualTo(NOON);
                                    assertThat(event.getDecision()).isEqualTo(RequestDecision.GRANTED);
                                    assertThat(event.getGround()).isEqualTo(DisclosureGround.LEGAL_BASIS);
                                }));
    }

    @Test
    void keys_of_one_owner_are_one_pair_of_eyes_whichever_of_them_came_first() {
        for (Map.Entry<String, ApiKey> pair :
                Map.of("admin-1", ENTERING, "admin-1-next", ENTERING).entrySet()) {
            Disclosure request = entered(DisclosureBasis.COURT_ORDER, pair.getKey());
            for (DisclosureRuling ruling : List.of(BY_LAW, TOO_WIDE)) {
                refused(decide(RULES, request, ruling, ENTERING, NOON), Refusal.SAME_ACTOR);
                refused(decide(RULES, request, ruling, ROTATED, NOON), Refusal.SAME_ACTOR);
            }
        }
    }

    @Test
    void a_key_that_left_the_file_may_have_come_back_under_another_name_and_is_nobodys() {
        // The same secret, renamed: the file can contain it only once, so the earlier name is gone.
        DisclosureSteps renamed = with(DECIDING, WEBSITE);
        Disclosure request = entered(DisclosureBasis.COURT_ORDER, "admin-1");
        refused(decide(renamed, request, BY_LAW, DECIDING, NOON), Refusal.ACTOR_UNKNOWN);
        refused(decide(renamed, request, TOO_WIDE, DECIDING, NOON), Refusal.ACTOR_UNKNOWN);
        // Rotated, and the first key removed: its owner is still known by its name.
        refused(decide(with(ROTATED, DECIDING), request, BY_LAW, ROTATED, NOON), Refusal.SAME_ACTOR);
        // An owner named after another owner's key.
        refused(
                decide(with(ENTERING, key("admin-3", "admin-1")), request, BY_LAW, key("admin-3", "admin-1"), NOON),
                Refusal.SAME_ACTOR);
        // Reported even if it is decided.
        assertThat(decide(renamed, decided(request, BY_LAW), BY_LAW, DECIDING, NOON))
                .isEqualTo(new Verdict.Taken());
    }

    @Test
    void a_request_is_decided_once() {
        Disclosure request = decided(entered(DisclosureBasis.COURT_ORDER, "admin-1"), BY_LAW);
        assertThat(decide(RULES, request, BY_LAW, DECIDING, NOON)).isEqualTo(new Verdict.Taken());
        refused(decide(RULES, request, TOO_WIDE, DECIDING, NOON), Refusal.DECIDED);
        refused(decide(RULES, request, BY_LAW, ENTERING, NOON), Refusal.SAME_ACTOR);
        refused(RULES.ask(request, ANSWER_BY, ENTERING, NOON), Refusal.DECIDED);
    }

    @Test
    void what_rests_on_consent_is_granted_only_after_an_answer_in_time_by_which_the_person_consented() {
        Disclosure unasked = entered(DisclosureBasis.CONSENT, "admin-1");
        Disclosure silent = asked(DisclosureBasis.CONSENT, Optional.empty());
        Disclosure refused = asked(DisclosureBasis.CONSENT, answer(false, NOON, ""));
        Disclosure late = asked(DisclosureBasis.CONSENT, answer(true, ANSWER_BY.plusMillis(1), ""));
        for (Disclosure request : List.of(unasked, silent, refused, late)) {
            refused(decide(RULES, request, BY_CONSENT, DECIDING, ANSWER_BY), Refusal.CONSENT_MISSING);
            refused(decide(RULES, request, BY_LAW, DECIDING, ANSWER_BY), Refusal.CONSENT_MISSING);
            assertThat(decide(RULES, request, TOO_WIDE, DECIDING, ANSWER_BY)).isInstanceOf(Verdict.Allowed.class);
        }
        Disclosure agreed = asked(DisclosureBasis.CONSENT, answer(true, ANSWER_BY, ""));
        assertThat(decide(RULES, agreed, BY_CONSENT, DECIDING, ANSWER_BY)).isInstanceOf(Verdict.Allowed.class);
        refused(decide(RULES, agreed, BY_LAW, DECIDING, ANSWER_BY), Refusal.CONSENT_MISSING);
        // The ground requires it for any basis.
        refused(
                decide(
                        RULES,
                        asked(DisclosureBasis.LEGITIMATE_INTERESTS, Optional.empty()),
                        BY_CONSENT,
                        DECIDING,
                        NOON),
                Refusal.CONSENT_MISSING);
    }

    @Test
    void a_refusal_in_the_persons_name_takes_the_persons_refusal_or_silence() {
        Disclosure silent = asked(DisclosureBasis.CONSENT, Optional.empty());
        refused(decide(RULES, silent, REFUSED_BY_PERSON, DECIDING, ANSWER_BY), Refusal.REFUSAL_MISSING);
        assertThat(decide(RULES, silent, REFUSED_BY_PERSON, DECIDING, ANSWER_BY.plusMillis(1)))
                .isInstanceOf(Verdict.Allowed.class);
        assertThat(decide(
                        RULES,
                        asked(DisclosureBasis.CONSENT, answer(false, NOON, "")),
                        REFUSED_BY_PERSON,
                        DECIDING,
                        NOON))
                .isInstanceOf(Verdict.Allowed.class);
        for (Disclosure request : List.of(
                entered(DisclosureBasis.CONSENT, "admin-1"), asked(DisclosureBasis.CONSENT, answer(true, NOON, "")))) {
            refused(
                    decide(RULES, request, REFUSED_BY_PERSON, DECIDING, ANSWER_BY.plusSeconds(1)),
                    Refusal.REFUSAL_MISSING);
        }
    }

    @Test
    void who_enters_or_decides_does_not_answer_for_the_person() {
        Disclosure silent = asked(DisclosureBasis.CONSENT, Optional.empty());
        refused(RULES.answer(silent, QUESTION, YES, ENTERING, NOON), Refusal.SAME_ACTOR);
        refused(RULES.answer(silent, QUESTION, YES, ROTATED, NOON), Refusal.SAME_ACTOR);
        refused(
                decide(
                        RULES,
                        asked(DisclosureBasis.CONSENT, answer(true, NOON, "admin-2")),
                        BY_CONSENT,
                        DECIDING,
                        NOON),
                Refusal.SAME_ACTOR);
        assertThat(decide(
                        RULES,
                        asked(DisclosureBasis.CONSENT, answer(true, NOON, "website-1")),
                        BY_CONSENT,
                        DECIDING,
                        NOON))
                .isInstanceOf(Verdict.Allowed.class);
    }

    @Test
    void the_first_answer_counts_and_a_late_one_is_refused() {
        Disclosure silent = asked(DisclosureBasis.CONSENT, Optional.empty());
        assertThat(RULES.answer(silent, QUESTION, NO, WEBSITE, ANSWER_BY))
                .isInstanceOfSatisfying(
                        Verdict.Allowed.class,
                        allowed -> assertThat(allowed.event())
                                .isInstanceOfSatisfying(DisclosureQuestionAnswered.class, event -> {
                                    assertThat(event.getActor()).isEqualTo("website-1");
                                    assertThat(event.getConsented()).isFalse();
                                    assertThat(event.getMethod()).isEqualTo(RequestMethod.LETTER);
                                }));
        assertThat(RULES.answer(silent, QUESTION, YES, PERSON, ANSWER_BY))
                .isInstanceOfSatisfying(
                        Verdict.Allowed.class,
                        allowed -> assertThat(((DisclosureQuestionAnswered) allowed.event()).getActor())
                                .isNull());
        refused(RULES.answer(silent, QUESTION, YES, PERSON, ANSWER_BY.plusMillis(1)), Refusal.CLOSED);
        refused(RULES.answer(decided(silent, TOO_WIDE), QUESTION, YES, PERSON, NOON), Refusal.CLOSED);
        refused(RULES.answer(silent, UUID.randomUUID(), YES, PERSON, NOON), Refusal.UNKNOWN_QUESTION);

        Disclosure no = asked(DisclosureBasis.CONSENT, answer(false, NOON, ""));
        refused(RULES.answer(no, QUESTION, YES, PERSON, NOON), Refusal.ANSWERED);
        assertThat(RULES.answer(no, QUESTION, NO, PERSON, ANSWER_BY.plusSeconds(1)))
                .isEqualTo(new Verdict.Taken());
    }

    @Test
    void a_request_has_one_question_and_two_services_that_ask_at_once_ask_the_same() {
        Disclosure request = entered(DisclosureBasis.CONSENT, "admin-1");
        Verdict first = RULES.ask(request, ANSWER_BY, ENTERING, NOON);
        Verdict second = RULES.ask(request, ANSWER_BY.plusSeconds(1), DECIDING, NOON.plusSeconds(1));
        assertThat(question(first)).isEqualTo(question(second));

        Disclosure asked = asked(DisclosureBasis.CONSENT, Optional.empty());
        assertThat(RULES.ask(asked, ANSWER_BY, DECIDING, NOON)).isEqualTo(new Verdict.Taken());
        refused(RULES.ask(asked, ANSWER_BY.plusSeconds(1), DECIDING, NOON), Refusal.ASKED);
    }

    private static Object question(Verdict verdict) {
        return ((DisclosureQuestionAsked) ((Verdict.Allowed) verdict).event()).getQuestionId();
    }

    @ParameterizedTest
    @EnumSource(DisclosureGround.class)
    void each_ground_speaks_for_one_decision(DisclosureGround ground) {
        assertThat(DisclosureRuling.fits(RequestDecision.GRANTED, ground))
                .isNotEqualTo(DisclosureRuling.fits(RequestDecision.REFUSED, ground));
    }
}
