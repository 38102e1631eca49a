package org.brokerhandoff.ingest.disclosure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.authentication.Caller;
import org.brokerhandoff.ingest.authentication.ReceiptHolder;
import org.brokerhandoff.ingest.authentication.Scope;
import org.brokerhandoff.ingest.domain.DisclosureConsent;
import org.brokerhandoff.ingest.domain.DisclosureRuling;
import org.brokerhandoff.ingest.status.DisclosureCase;
import org.brokerhandoff.register.Disclosure;
import org.brokerhandoff.register.PurgeStatus;
import org.brokerhandoff.register.RecordedConsent;
import org.brokerhandoff.register.SignupState;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DisclosureStepsTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant ANSWER_BY = NOON.plusSeconds(600);
    private static final Instant ERASE_BY = NOON.plusSeconds(86_400);
    private static final Instant LATER = ERASE_BY.plusSeconds(86_400);
    private static final RecordedConsent CONSENT = new RecordedConsent(
            1,
            "2026-11-01",
            Digests.sha256("policy"),
            Optional.empty(),
            "en",
            List.of(Purpose.BROKER_HANDOFF),
            List.of(),
            List.of("fjord-markets"),
            "NO",
            WithdrawalMethod.WEBSITE_REQUEST,
            NOON,
            ConsentMethod.REGISTRATION_FORM,
            NOON,
            ERASE_BY,
            Optional.empty());
    private static final UUID SIGNUP = UUID.randomUUID();
    private static final UUID REQUEST = UUID.randomUUID();
    private static final UUID QUESTION = UUID.randomUUID();
    private static final ApiKey ENTERING = key("admin-1", "admin-1");
    private static final ApiKey ROTATED = key("admin-1-next", "admin-1");
    private static final ApiKey DECIDING = key("admin-2", "admin-2");
    private static final ApiKey WEBSITE = key("website-1", "website-1");
    private static final Caller PERSON = new ReceiptHolder(SIGNUP);
    private static final DisclosureRuling BY_LAW =
            new DisclosureRuling(RequestDecision.GRANTED, DisclosureGround.LEGAL_BASIS);
    private static final DisclosureRuling BY_CONSENT =
            new DisclosureRuling(RequestDecision.GRANTED, DisclosureGround.PERSON_CONSENTED);
    private static final DisclosureRuling REFUSED_BY_PERSON =
            new DisclosureRuling(RequestDecision.REFUSED, DisclosureGround.PERSON_REFUSED);
    private static final DisclosureRuling TOO_WIDE =
            new DisclosureRuling(RequestDecision.REFUSED, DisclosureGround.TOO_WIDE);
    private static final DisclosureConsent YES = new DisclosureConsent(true, RequestMethod.WEBSITE);
    private static final DisclosureConsent NO = new DisclosureConsent(false, RequestMethod.LETTER);

    private final DisclosureSteps rules = with(ENTERING, ROTATED, DECIDING, WEBSITE);

    private static ApiKey key(String id, String owner) {
        return new ApiKey(id, owner, Set.of(Scope.ADMIN), false);
    }

    private static DisclosureSteps with(ApiKey... keys) {
        return new DisclosureSteps(new FourEyes(
                id -> List.of(keys).stream().filter(key -> key.id().equals(id)).findFirst()));
    }

    private static Disclosure entered(DisclosureBasis basis, String actor) {
        return new Disclosure(
                SIGNUP,
                REQUEST,
                new Disclosure.Entered(
                        NOON,
                        DisclosureRequester.AUTHORITY,
                        "NO",
                        basis,
                        List.of(DisclosureScope.RECIPIENTS),
                        true,
                        Optional.empty(),
                        actor,
                        Optional.empty()),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Disclosure asked(DisclosureBasis basis, Optional<Disclosure.Answer> answer) {
        Disclosure entered = entered(basis, "admin-1");
        return new Disclosure(
                SIGNUP,
                REQUEST,
                entered.entered(),
                List.of(new Disclosure.Question(QUESTION, NOON, ANSWER_BY, "admin-1", answer)),
                Optional.empty(),
                Optional.empty());
    }

    private static Optional<Disclosure.Answer> answer(boolean consented, Instant at, String actor) {
        return Optional.of(new Disclosure.Answer(
                at, consented, RequestMethod.WEBSITE, Optional.of(actor).filter(id -> !id.isEmpty())));
    }

    private static Disclosure decided(Disclosure request, DisclosureRuling ruling) {
        return new Disclosure(
                SIGNUP,
                REQUEST,
                request.entered(),
                request.questions(),
                Optional.of(new Disclosure.Decision(
                        NOON,
                        ruling.decision(),
                        ruling.ground(),
                        "admin-2",
                        ruling.decision() == RequestDecision.GRANTED
                                ? request.entered().preserveUntil()
                                : Optional.empty())),
                Optional.empty());
    }

    private static Verdict decide(
            DisclosureSteps rules, Disclosure request, DisclosureRuling ruling, ApiKey caller, Instant now) {
        return rules.decide(new DisclosureCase(request, Optional.empty()), ruling, caller, now);
    }

    private static Disclosure ordered(Instant until) {
        Disclosure entered = entered(DisclosureBasis.COURT_ORDER, "admin-1");
        Disclosure.Entered asked = entered.entered();
        return new Disclosure(
                SIGNUP,
                REQUEST,
                new Disclosure.Entered(
                        asked.at(),
                        asked.requester(),
                        asked.country(),
                        asked.basis(),
                        asked.scope(),
                        true,
                        asked.sealedAs(),
                        asked.actor(),
                        Optional.of(until)),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Disclosure released(Disclosure request) {
        return new Disclosure(
                SIGNUP,
                REQUEST,
                request.entered(),
                request.questions(),
                request.decision(),
                Optional.of(new Disclosure.Release(NOON, "admin-1")));
    }

    /** Received at noon, and promised for a day: the key expires ten minutes before. */
    private static SignupStatus signup(
            SignupState state, Optional<Instant> preservedUntil, Optional<PurgeReason> purged) {
        return new SignupStatus(
                SIGNUP,
                Optional.of("website-1"),
                state,
                NOON,
                ERASE_BY,
                preservedUntil,
                Optional.empty(),
                false,
                Optional.of(CONSENT),
                purged.map(reason -> new PurgeStatus(PurgeLevel.UNREADABLE, reason, NOON)),
                Optional.empty(),
                false);
    }

    private Verdict hold(Instant until, SignupStatus signup, Instant now) {
        return rules.decide(new DisclosureCase(ordered(until), Optional.of(signup)), BY_LAW, DECIDING, now);
    }

    @Test
    void a_granted_order_is_a_hold_and_a_refused_one_is_none() {
        SignupStatus held = signup(SignupState.ASSIGNED, Optional.empty(), Optional.empty());
        assertThat(hold(ERASE_BY.plusSeconds(1), held, NOON))
                .isInstanceOfSatisfying(
                        Verdict.Allowed.class,
                        allowed -> assertThat(((DisclosureDecided) allowed.event()).getPreservedUntil())
                                .isEqualTo(ERASE_BY.plusSeconds(1)));
        assertThat(rules.decide(new DisclosureCase(ordered(LATER), Optional.of(held)), TOO_WIDE, DECIDING, NOON))
                .isInstanceOfSatisfying(
                        Verdict.Allowed.class,
                        allowed -> assertThat(((DisclosureDecided) allowed.event()).getPreservedUntil())
                                .isNull());
        refused(
                rules.decide(new DisclosureCase(ordered(LATER), Optional.of(held)), BY_LAW, ROTATED, NOON),
                Refusal.SAME_ACTOR);
    }

    @Test
    void nothing_is_held_that_is_gone_that_a_broker_has_or_whose_key_is_about_to_go() {
        for (SignupState state : SignupState.values()) {
            Verdict verdict = hold(LATER, signup(state, Optional.empty(), Optional.empty()), NOON);
            if (state == SignupState.RECEIVED || state == SignupState.ASSIGNED) {
                assertThat(verdict).isInstanceOf(Verdict.Allowed.class);
            } else {
                refused(verdict, Refusal.NOTHING_TO_HOLD);
            }
        }
        SignupStatus held = signup(SignupState.RECEIVED, Optional.empty(), Optional.empty());
        refused(
                hold(LATER, signup(SignupState.RECEIVED, Optional.empty(), Optional.of(PurgeReason.INVALID)), NOON),
                Refusal.NOTHING_TO_HOLD);
        Instant last = ERASE_BY.minusSeconds(600).minusSeconds(60);
        assertThat(hold(LATER, held, last.minusMillis(1))).isInstanceOf(Verdict.Allowed.class);
        refused(hold(LATER, held, last), Refusal.NOTHING_TO_HOLD);
        refused(hold(ERASE_BY, held, NOON), Refusal.HOLD_CHANGES_NOTHING);
        refused(
                rules.decide(new DisclosureCase(ordered(LATER), Optional.empty()), BY_LAW, DECIDING, NOON),
                Refusal.NOTHING_TO_HOLD);
    }

    @Test
    void a_hold_is_renewed_while_it_lasts_and_by_a_later_time_only() {
        SignupStatus held = signup(SignupState.RECEIVED, Optional.of(LATER), Optional.empty());
        Instant afterThePromise = ERASE_BY.plusSeconds(60);
        refused(hold(LATER, held, afterThePromise), Refusal.HOLD_CHANGES_NOTHING);
        assertThat(hold(LATER.plusSeconds(1), held, afterThePromise)).isInstanceOf(Verdict.Allowed.class);
        refused(hold(LATER.plusSeconds(1), held, LATER.minusSeconds(600)), Refusal.NOTHING_TO_HOLD);
    }

    @Test
    void a_hold_is_ended_by_either_pair_of_eyes_once_while_it_lasts() {
        Disclosure granted = decided(ordered(LATER), BY_LAW);
        Optional<SignupStatus> held = Optional.of(signup(SignupState.RECEIVED, Optional.of(LATER), Optional.empty()));
        for (ApiKey key : List.of(ENTERING, DECIDING)) {
            assertThat(rules.release(new DisclosureCase(granted, held), key, NOON))
                    .isInstanceOfSatisfying(
                            Verdict.Allowed.class,
                            allowed -> assertThat(((PreservationReleased) allowed.event()).getActor())
                                    .isEqualTo(key.id()));
        }
        assertThat(rules.release(new DisclosureCase(released(granted), held), DECIDING, NOON))
                .isEqualTo(new Verdict.Taken());
        refused(rules.release(new DisclosureCase(granted, held), DECIDING, LATER), Refusal.NO_HOLD);
        refused(
                rules.release(
                        new DisclosureCase(
                                granted,
                                Optional.of(signup(
                                        SignupState.WITHDRAWN,
                                        Optional.of(LATER),
                                        Optional.of(PurgeReason.WITHDRAWN)))),
                        DECIDING,
                        NOON),
                Refusal.NO_HOLD);
        for (Disclosure none : List.of(ordered(LATER), decided(ordered(LATER), TOO_WIDE))) {
            refused(rules.release(new DisclosureCase(none, held), DECIDING, NOON), Refusal.NO_HOLD);
        }
    }

    private static void refused(Verdict verdict, Refusal refusal) {
        assertThat(verdict).isEqualTo(new Verdict.Refused(refusal));
    }

    @Test
    void a_request_is_decided_by_another_actor_and_the_event_names_them() {
        Verdict verdict = decide(rules, entered(DisclosureBasis.COURT_ORDER, "admin-1"), BY_LAW, DECIDING, NOON);
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
                refused(decide(rules, request, ruling, ENTERING, NOON), Refusal.SAME_ACTOR);
                refused(decide(rules, request, ruling, ROTATED, NOON), Refusal.SAME_ACTOR);
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
        assertThat(decide(rules, request, BY_LAW, DECIDING, NOON)).isEqualTo(new Verdict.Taken());
        refused(decide(rules, request, TOO_WIDE, DECIDING, NOON), Refusal.DECIDED);
        refused(decide(rules, request, BY_LAW, ENTERING, NOON), Refusal.SAME_ACTOR);
        refused(rules.ask(request, ANSWER_BY, ENTERING, NOON), Refusal.DECIDED);
    }

    @Test
    void what_rests_on_consent_is_granted_only_after_an_answer_in_time_by_which_the_person_consented() {
        Disclosure unasked = entered(DisclosureBasis.CONSENT, "admin-1");
        Disclosure silent = asked(DisclosureBasis.CONSENT, Optional.empty());
        Disclosure refused = asked(DisclosureBasis.CONSENT, answer(false, NOON, ""));
        Disclosure late = asked(DisclosureBasis.CONSENT, answer(true, ANSWER_BY.plusMillis(1), ""));
        for (Disclosure request : List.of(unasked, silent, refused, late)) {
            refused(decide(rules, request, BY_CONSENT, DECIDING, ANSWER_BY), Refusal.CONSENT_MISSING);
            refused(decide(rules, request, BY_LAW, DECIDING, ANSWER_BY), Refusal.CONSENT_MISSING);
            assertThat(decide(rules, request, TOO_WIDE, DECIDING, ANSWER_BY)).isInstanceOf(Verdict.Allowed.class);
        }
        Disclosure agreed = asked(DisclosureBasis.CONSENT, answer(true, ANSWER_BY, ""));
        assertThat(decide(rules, agreed, BY_CONSENT, DECIDING, ANSWER_BY)).isInstanceOf(Verdict.Allowed.class);
        refused(decide(rules, agreed, BY_LAW, DECIDING, ANSWER_BY), Refusal.CONSENT_MISSING);
        // The ground requires it for any basis.
        refused(
                decide(
                        rules,
                        asked(DisclosureBasis.LEGITIMATE_INTERESTS, Optional.empty()),
                        BY_CONSENT,
                        DECIDING,
                        NOON),
                Refusal.CONSENT_MISSING);
    }

    @Test
    void a_refusal_in_the_persons_name_takes_the_persons_refusal_or_silence() {
        Disclosure silent = asked(DisclosureBasis.CONSENT, Optional.empty());
        refused(decide(rules, silent, REFUSED_BY_PERSON, DECIDING, ANSWER_BY), Refusal.REFUSAL_MISSING);
        assertThat(decide(rules, silent, REFUSED_BY_PERSON, DECIDING, ANSWER_BY.plusMillis(1)))
                .isInstanceOf(Verdict.Allowed.class);
        assertThat(decide(
                        rules,
                        asked(DisclosureBasis.CONSENT, answer(false, NOON, "")),
                        REFUSED_BY_PERSON,
                        DECIDING,
                        NOON))
                .isInstanceOf(Verdict.Allowed.class);
        for (Disclosure request : List.of(
                entered(DisclosureBasis.CONSENT, "admin-1"), asked(DisclosureBasis.CONSENT, answer(true, NOON, "")))) {
            refused(
                    decide(rules, request, REFUSED_BY_PERSON, DECIDING, ANSWER_BY.plusSeconds(1)),
                    Refusal.REFUSAL_MISSING);
        }
    }

    @Test
    void who_enters_or_decides_does_not_answer_for_the_person() {
        Disclosure silent = asked(DisclosureBasis.CONSENT, Optional.empty());
        refused(rules.answer(silent, QUESTION, YES, ENTERING, NOON), Refusal.SAME_ACTOR);
        refused(rules.answer(silent, QUESTION, YES, ROTATED, NOON), Refusal.SAME_ACTOR);
        refused(
                decide(
                        rules,
                        asked(DisclosureBasis.CONSENT, answer(true, NOON, "admin-2")),
                        BY_CONSENT,
                        DECIDING,
                        NOON),
                Refusal.SAME_ACTOR);
        assertThat(decide(
                        rules,
                        asked(DisclosureBasis.CONSENT, answer(true, NOON, "website-1")),
                        BY_CONSENT,
                        DECIDING,
                        NOON))
                .isInstanceOf(Verdict.Allowed.class);
    }

    @Test
    void the_first_answer_counts_and_a_late_one_is_refused() {
        Disclosure silent = asked(DisclosureBasis.CONSENT, Optional.empty());
        assertThat(rules.answer(silent, QUESTION, NO, WEBSITE, ANSWER_BY))
                .isInstanceOfSatisfying(
                        Verdict.Allowed.class,
                        allowed -> assertThat(allowed.event())
                                .isInstanceOfSatisfying(DisclosureQuestionAnswered.class, event -> {
                                    assertThat(event.getActor()).isEqualTo("website-1");
                                    assertThat(event.getConsented()).isFalse();
                                    assertThat(event.getMethod()).isEqualTo(RequestMethod.LETTER);
                                }));
        assertThat(rules.answer(silent, QUESTION, YES, PERSON, ANSWER_BY))
                .isInstanceOfSatisfying(
                        Verdict.Allowed.class,
                        allowed -> assertThat(((DisclosureQuestionAnswered) allowed.event()).getActor())
                                .isNull());
        refused(rules.answer(silent, QUESTION, YES, PERSON, ANSWER_BY.plusMillis(1)), Refusal.CLOSED);
        refused(rules.answer(decided(silent, TOO_WIDE), QUESTION, YES, PERSON, NOON), Refusal.CLOSED);
        refused(rules.answer(silent, UUID.randomUUID(), YES, PERSON, NOON), Refusal.UNKNOWN_QUESTION);

        Disclosure no = asked(DisclosureBasis.CONSENT, answer(false, NOON, ""));
        refused(rules.answer(no, QUESTION, YES, PERSON, NOON), Refusal.ANSWERED);
        assertThat(rules.answer(no, QUESTION, NO, PERSON, ANSWER_BY.plusSeconds(1)))
                .isEqualTo(new Verdict.Taken());
    }

    @Test
    void a_request_has_one_question_and_two_services_that_ask_at_once_ask_the_same() {
        Disclosure request = entered(DisclosureBasis.CONSENT, "admin-1");
        Verdict first = rules.ask(request, ANSWER_BY, ENTERING, NOON);
        Verdict second = rules.ask(request, ANSWER_BY.plusSeconds(1), DECIDING, NOON.plusSeconds(1));
        assertThat(question(first)).isEqualTo(question(second));

        Disclosure asked = asked(DisclosureBasis.CONSENT, Optional.empty());
        assertThat(rules.ask(asked, ANSWER_BY, DECIDING, NOON)).isEqualTo(new Verdict.Taken());
        refused(rules.ask(asked, ANSWER_BY.plusSeconds(1), DECIDING, NOON), Refusal.ASKED);
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
