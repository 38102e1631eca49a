package org.brokerhandoff.audit.authority;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Disclosing;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RequestDecision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DisclosureLetterTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant READ = RECEIVED.plusSeconds(600);
    private static final Life LIFE = new Life(new UUID(7, 9), 0, RECEIVED);
    private static final Disclosing ORDER = new Disclosing(LIFE, new UUID(4, 1), DisclosureBasis.COURT_ORDER);
    private static final Disclosing CONSENT = new Disclosing(LIFE, new UUID(4, 2), DisclosureBasis.CONSENT);
    private static final Life MESSAGE = new Life(Disclosing.MESSAGE, 0, RECEIVED.plusSeconds(60));

    private static Optional<DisclosureLetter> letter(UUID requestId, SpecificRecord... more) {
        List<SpecificRecord> events = new ArrayList<>(List.of(
                LIFE.granted(),
                LIFE.assigned(Life.FJORD, 0, 10),
                LIFE.delivered(Life.FJORD, 1, 20),
                LIFE.purged(PurgeReason.DELIVERED, 50)));
        events.addAll(List.of(more));
        return DisclosureLetter.of(requestId, events, List.of(Life.directory(RECEIVED)), READ);
    }

    private static DisclosureLetter granted(SpecificRecord requested) {
        return letter(ORDER.requestId(), requested, ORDER.granted(500, DisclosureGround.LEGAL_BASIS))
                .orElseThrow();
    }

    private static String text(DisclosureLetter letter) {
        return new DisclosureLetterDocument(letter)
                .text(Wording.in("en").orElseThrow())
                .replaceAll("\\s+", " ");
    }

    /** Text, JSON and the pages in every language. */
    private static List<String> forms(DisclosureLetter letter) {
        DisclosureLetterDocument document = new DisclosureLetterDocument(letter);
        List<String> forms = new ArrayList<>(List.of(document.json()));
        for (String language : Wording.languages()) {
            Wording words = Wording.in(language).orElseThrow();
            forms.add(document.text(words));
            forms.add(document.html(words));
        }
        return forms;
    }

    @Test
    void a_grant_says_that_it_was_held_where_it_went_when_it_was_destroyed_and_that_nothing_is_left() {
        DisclosureLetter letter = letter(
                        ORDER.requestId(),
                        ORDER.requested(300),
                        ORDER.granted(500, DisclosureGround.LEGAL_BASIS),
                        MESSAGE.purged(PurgeReason.DELIVERED, 700))
                .orElseThrow();
        String text = text(letter);
        assertThat(text)
                .startsWith("Your request for data is granted ")
                .contains("The registration was accepted at " + RECEIVED + ". From then on its data was held sealed")
                .contains("We no longer hold any of it. The key was destroyed at " + LIFE.at(50))
                .contains("- fjord-markets Outcome: has confirmed that it has the data")
                .contains("It was entered by one person and decided by another.")
                .contains("the law of Norway (NO)")
                .contains("We cannot provide the data itself")
                .contains("No hold was granted: data is destroyed at the time promised to the person")
                .contains("destroyed here at " + MESSAGE.at(700));
        for (String form : forms(letter)) {
            assertThat(form)
                    .contains(
                            LIFE.at(50).toString(),
                            "fjord-markets",
                            ORDER.requestId().toString())
                    .doesNotContain("{0}", "{1}", "admin-");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DisclosureGround.class,
            names = {"LEGAL_BASIS", "PERSON_CONSENTED"},
            mode = EnumSource.Mode.EXCLUDE)
    void a_refusal_tells_its_ground_and_nothing_of_the_signup(DisclosureGround ground) {
        DisclosureLetter letter = letter(
                        CONSENT.requestId(),
                        CONSENT.requested(300),
                        CONSENT.asked(310, 400),
                        CONSENT.answered(350, false, null),
                        CONSENT.refused(500, ground))
                .orElseThrow();
        assertThat(text(letter))
                .startsWith("Your request for data is refused ")
                .contains(Wording.in("en").orElseThrow().of(ground))
                .contains("This letter says nothing about the registration.");
        for (String form : forms(letter)) {
            assertThat(form)
                    .doesNotContain(
                            "fjord", RECEIVED.toString() + ".", LIFE.at(50).toString(), Life.POLICY, "answer\"");
            // Whether the person was asked is stated only if the decision rests on it.
            assertThat(form.contains(LIFE.at(350).toString())).isEqualTo(ground == DisclosureGround.PERSON_REFUSED);
        }
    }

    @Test
    void a_grant_tells_what_was_asked_for_and_no_more() {
        DisclosureRequested.Builder requested = DisclosureRequested.newBuilder(ORDER.requested(300));
        DisclosureLetter consent =
                granted(requested.setScope(List.of(DisclosureScope.CONSENT)).build());
        DisclosureLetter recipients =
                granted(requested.setScope(List.of(DisclosureScope.RECIPIENTS)).build());
        DisclosureLetter purge =
                granted(requested.setScope(List.of(DisclosureScope.PURGE)).build());
        for (String form : forms(consent)) {
            assertThat(form)
                    .contains(Life.POLICY)
                    .doesNotContain("fjord", LIFE.at(50).toString());
        }
        for (String form : forms(recipients)) {
            assertThat(form)
                    .contains("fjord")
                    .doesNotContain(Life.POLICY, LIFE.at(50).toString());
        }
        for (String form : forms(purge)) {
            assertThat(form).contains(LIFE.at(50).toString()).doesNotContain("fjord", Life.POLICY);
        }
    }

    @Test
    void the_persons_answer_stands_in_what_rests_on_it_and_silence_is_a_refusal() {
        assertThat(text(letter(
                                CONSENT.requestId(),
                                CONSENT.requested(300),
                                CONSENT.asked(310, 400),
                                CONSENT.answered(350, true, null),
                                CONSENT.answered(360, false, null),
                                CONSENT.granted(500, DisclosureGround.PERSON_CONSENTED))
                        .orElseThrow()))
                .contains("was asked at " + LIFE.at(310) + ", and consented at " + LIFE.at(350));
        assertThat(text(letter(
                                CONSENT.requestId(),
                                CONSENT.requested(300),
                                CONSENT.asked(310, 400),
                                CONSENT.answered(401, true, null),
                                CONSENT.refused(500, DisclosureGround.PERSON_REFUSED))
                        .orElseThrow()))
                .contains("could answer until " + LIFE.at(400) + ", and did not. No answer counts as a refusal.");
    }

    @Test
    void a_letter_claims_nothing_that_the_log_does_not_show() {
        DisclosureLetter onePair = letter(
                        ORDER.requestId(),
                        ORDER.requested(300),
                        ORDER.decided(500, RequestDecision.GRANTED, DisclosureGround.LEGAL_BASIS, Disclosing.ENTERING))
                .orElseThrow();
        assertThat(text(onePair))
                .contains("does not show that it was decided by a person other than")
                .doesNotContain("decided by another.");
        DisclosureLetter unasked = letter(
                        CONSENT.requestId(),
                        CONSENT.requested(300),
                        CONSENT.granted(500, DisclosureGround.PERSON_CONSENTED))
                .orElseThrow();
        assertThat(text(unasked)).contains("does not show that the person concerned was asked");
        DisclosureLetter held = DisclosureLetter.of(
                        ORDER.requestId(),
                        List.of(LIFE.granted(), ORDER.requested(300), ORDER.granted(500, DisclosureGround.LEGAL_BASIS)),
                        List.of(),
                        READ)
                .orElseThrow();
        assertThat(text(held))
                .contains("The destruction of the data is not confirmed yet.")
                .contains("No broker was assigned")
                .contains("Their destruction here is not confirmed yet.")
                .doesNotContain("We no longer hold");
    }

    @Test
    void a_contact_that_expired_before_the_helpdesk_got_it_is_not_called_handed_over() {
        assertThat(text(letter(
                                ORDER.requestId(),
                                ORDER.requested(300),
                                ORDER.refused(500, DisclosureGround.TOO_WIDE),
                                MESSAGE.purged(PurgeReason.EXPIRED, 900))
                        .orElseThrow()))
                .contains("Our helpdesk did not get them, and they were destroyed here at " + MESSAGE.at(900))
                .doesNotContain("handed to our helpdesk");
    }

    @Test
    void there_is_no_letter_before_the_decision_and_none_of_another_request() {
        assertThat(letter(ORDER.requestId(), ORDER.requested(300))).isEmpty();
        assertThat(letter(ORDER.requestId(), ORDER.granted(500, DisclosureGround.LEGAL_BASIS)))
                .isEmpty();
        assertThat(letter(
                        ORDER.requestId(),
                        ORDER.requested(300),
                        CONSENT.requested(300),
                        CONSENT.refused(500, DisclosureGround.TOO_WIDE)))
                .isEmpty();
    }

    @Test
    void the_first_decision_counts() {
        assertThat(letter(
                                ORDER.requestId(),
                                ORDER.requested(300),
                                ORDER.refused(500, DisclosureGround.TOO_WIDE),
                                ORDER.granted(501, DisclosureGround.LEGAL_BASIS))
                        .orElseThrow()
                        .granted())
                .isFalse();
    }

    @Test
    void a_hold_is_told_to_who_ordered_it_and_to_the_person_with_its_end() {
        long until = 172_800_000;
        List<SpecificRecord> events = new ArrayList<>(List.of(
                LIFE.granted(),
                ORDER.ordered(300, DisclosureRequester.COURT, until),
                ORDER.held(500, Disclosing.DECIDING, until)));
        DisclosureLetter held = DisclosureLetter.of(ORDER.requestId(), events, List.of(), LIFE.at(600))
                .orElseThrow();
        assertThat(held.ruling().preservedUntil()).contains(LIFE.at(until));
        assertThat(text(held)).contains("is not destroyed for its age until shortly before " + LIFE.at(until));
        RecipientLetter person =
                RecipientLetter.of(LIFE.id(), events, List.of(), LIFE.at(600)).orElseThrow();
        assertThat(person.preservedUntil()).contains(LIFE.at(until));
        assertThat(person.json()).contains("\"preservedUntil\" : \"" + LIFE.at(until));

        events.add(ORDER.released(700));
        DisclosureLetter released = DisclosureLetter.of(ORDER.requestId(), events, List.of(), LIFE.at(800))
                .orElseThrow();
        assertThat(text(released)).contains("That was ended early, at " + LIFE.at(700));
        assertThat(RecipientLetter.of(LIFE.id(), events, List.of(), LIFE.at(800))
                        .orElseThrow()
                        .preservedUntil())
                .isEmpty();
    }
}
