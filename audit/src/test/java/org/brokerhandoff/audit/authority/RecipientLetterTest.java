package org.brokerhandoff.audit.authority;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.audit.authority.RecipientLetter.Outcome;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class RecipientLetterTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant READ = RECEIVED.plusSeconds(600);
    private static final Life LIFE = new Life(new UUID(7, 9), 0, RECEIVED);

    private static RecipientLetter letter(SpecificRecord... events) {
        return RecipientLetter.of(LIFE.id(), List.of(events), List.of(Life.directory(RECEIVED)), READ)
                .orElseThrow();
    }

    private static List<Outcome> outcomes(RecipientLetter letter) {
        return letter.recipients().stream()
                .map(RecipientLetter.Recipient::outcome)
                .toList();
    }

    @Test
    void everybody_who_may_have_got_the_data_is_named_with_what_became_of_it() {
        RecipientLetter letter = letter(
                LIFE.granted(),
                LIFE.assigned(Life.FJORD, 0, 10),
                LIFE.refused(Life.FJORD, 1, 20),
                LIFE.assigned(Life.NORDLYS, 1, 30),
                LIFE.delivered(Life.NORDLYS, 2, 40),
                LIFE.purged(PurgeReason.DELIVERED, 50));
        assertThat(letter.recipients())
                .extracting(RecipientLetter.Recipient::id)
                .containsExactly(Life.FJORD, Life.NORDLYS);
        assertThat(outcomes(letter)).containsExactly(Outcome.REFUSED, Outcome.ACCEPTED);
        assertThat(letter.recipients().get(1).contacts()).containsExactly(LIFE.at(40));
        assertThat(letter.purge())
                .hasValueSatisfying(gone -> assertThat(gone.keyDestroyedAt()).isEqualTo(LIFE.at(50)));
        assertThat(letter.taken().policy())
                .hasValueSatisfying(policy -> assertThat(policy).startsWith(Life.POLICY));
    }

    /** A router that was killed in the middle of an attempt leaves none. */
    @Test
    void who_was_assigned_may_have_it_although_no_attempt_is_on_record() {
        assertThat(outcomes(
                        letter(LIFE.granted(), LIFE.assigned(Life.FJORD, 0, 10), LIFE.purged(PurgeReason.EXPIRED, 50))))
                .containsExactly(Outcome.MAY_HAVE);
        assertThat(outcomes(letter(
                        LIFE.granted(),
                        LIFE.assigned(Life.FJORD, 0, 10),
                        LIFE.attempt(Life.FJORD, 1, 20, AttemptOutcome.NOT_SENT))))
                .containsExactly(Outcome.MAY_HAVE);
    }

    @Test
    void after_a_withdrawal_that_came_first_nothing_was_sent() {
        RecipientLetter letter = letter(
                LIFE.granted(),
                LIFE.assigned(Life.FJORD, 0, 10),
                LIFE.withdrawn(WithdrawalOutcome.ERASED_BEFORE_HANDOFF, 20),
                LIFE.purged(PurgeReason.WITHDRAWN, 20));
        assertThat(outcomes(letter)).containsExactly(Outcome.NOTHING_SENT);
        assertThat(letter.withdrawnAt()).contains(LIFE.at(20));
    }

    @Test
    void an_attempt_that_a_release_does_not_cover_makes_the_broker_one_that_may_have_it() {
        assertThat(outcomes(letter(
                        LIFE.granted(),
                        LIFE.attempt(Life.FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                        LIFE.released(Life.FJORD, 400_000, ReleaseReason.NOT_RECEIVED, 1))))
                .containsExactly(Outcome.RELEASED);
        assertThat(outcomes(letter(
                        LIFE.granted(),
                        LIFE.attempt(Life.FJORD, 1, 20, AttemptOutcome.UNKNOWN),
                        LIFE.released(Life.FJORD, 400_000, ReleaseReason.NOT_RECEIVED, 1),
                        LIFE.attempt(Life.FJORD, 2, 400_010, AttemptOutcome.UNKNOWN))))
                .containsExactly(Outcome.MAY_HAVE);
        assertThat(outcomes(letter(
                        LIFE.granted(),
                        LIFE.refused(Life.FJORD, 1, 20),
                        LIFE.attempt(Life.FJORD, 1, 20, AttemptOutcome.UNKNOWN))))
                .as("told of late")
                .containsExactly(Outcome.REFUSED);
    }

    @Test
    void what_a_recipient_was_told_of_the_withdrawal_is_said() {
        NoticeConfirmed confirmed =
                new NoticeConfirmed(SignupIds.fixed(LIFE.id()), Life.FJORD, NoticeType.WITHDRAWAL, LIFE.at(90), null);
        RecipientLetter letter = letter(
                LIFE.granted(),
                LIFE.delivered(Life.FJORD, 1, 20),
                LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 60),
                confirmed);
        assertThat(letter.recipients())
                .singleElement()
                .satisfies(
                        recipient -> assertThat(recipient.toldOfWithdrawalAt()).contains(LIFE.at(90)));
    }

    @Test
    void that_a_recipient_has_the_new_data_of_a_rectification_is_said_once_it_has_it() {
        Life data = new Life(new UUID(9, 9), 0, RECEIVED);
        Rights rectification = new Rights(LIFE, data.id(), RightsType.RECTIFICATION);
        RightsRequested asked = RightsRequested.newBuilder(rectification.requested(60, null, null))
                .setSealedAs(SignupIds.fixed(data.id()))
                .build();
        assertThat(letter(LIFE.granted(), LIFE.delivered(Life.FJORD, 1, 20), asked)
                        .recipients()
                        .get(0)
                        .answers())
                .isEmpty();
        assertThat(letter(LIFE.granted(), LIFE.delivered(Life.FJORD, 1, 20), asked, data.delivered(Life.FJORD, 1, 90))
                        .recipients())
                .singleElement()
                .satisfies(recipient -> assertThat(recipient.answers())
                        .containsExactly(new RecipientLetter.Answer(
                                NoticeType.RECTIFICATION, Optional.of(data.id()), data.at(110), Optional.empty())));
    }

    @Test
    void what_was_asked_for_is_said_with_its_decision_and_what_each_recipient_said_to_it() {
        Rights erasure = new Rights(LIFE, new UUID(3, 1), RightsType.ERASURE);
        Rights objection = new Rights(LIFE, new UUID(3, 2), RightsType.OBJECTION);
        RecipientLetter letter = letter(
                LIFE.granted(),
                LIFE.delivered(Life.FJORD, 1, 20),
                objection.requested(60, HoldingFound.HANDOFF_STARTED, 1),
                objection.extended(70, objection.due(5_000)),
                objection.refused(80),
                objection.granted(85),
                erasure.requested(90, HoldingFound.HANDOFF_STARTED, 1),
                erasure.requested(95, HoldingFound.HANDOFF_STARTED, 1),
                new Rights(new Life(new UUID(9, 9), 0, RECEIVED), new UUID(3, 3), RightsType.ACCESS)
                        .requested(90, null, null),
                objection.confirmed(Life.FJORD, 100),
                erasure.refusedBy(Life.FJORD, 110),
                erasure.refusedBy(Life.FJORD, 120));
        assertThat(letter.requests())
                .containsExactly(
                        new LetterRequest(
                                objection.requestId(),
                                RightsType.OBJECTION,
                                LIFE.at(60),
                                objection.due(5_000),
                                Optional.of(new LetterRequest.Decision(
                                        LIFE.at(80), RequestDecision.REFUSED, RightsGround.COMPELLING_GROUNDS))),
                        new LetterRequest(
                                erasure.requestId(),
                                RightsType.ERASURE,
                                LIFE.at(90),
                                erasure.due(90),
                                Optional.empty()));
        assertThat(letter.recipients()).singleElement().satisfies(recipient -> {
            assertThat(recipient.answers())
                    .containsExactly(
                            new RecipientLetter.Answer(
                                    NoticeType.OBJECTION,
                                    Optional.of(objection.requestId()),
                                    LIFE.at(100),
                                    Optional.empty()),
                            new RecipientLetter.Answer(
                                    NoticeType.ERASURE,
                                    Optional.of(erasure.requestId()),
                                    LIFE.at(110),
                                    Optional.of(RightsGround.LEGAL_OBLIGATION)));
            assertThat(recipient.toldOfWithdrawalAt()).isEmpty();
        });
        assertThat(letter.html(Wording.in("en").orElseThrow()))
                .contains("erasure: refused, 2026-11-22T13:00:00.110Z: the law requires the data to be kept")
                .contains("Your requests")
                .contains("objection (Article 21)")
                .contains("refused at 2026-11-22T13:00:00.080Z: compelling grounds outweigh your interests");
        assertThat(letter.html(Wording.in("nb").orElseThrow())).contains("innsigelse: gjort");
        assertThat(letter.json())
                .contains("\"refusedAt\" : \"2026-11-22T13:00:00.110Z\"", "\"decision\" : \"REFUSED\"");
    }

    @Test
    void names_are_those_of_the_newest_directory_and_events_of_others_are_passed_over() {
        Life other = new Life(new UUID(7, 10), 0, RECEIVED);
        DirectoryPublished newer = DirectoryPublished.newBuilder(Life.directory(
                        Life.broker(Life.FJORD, 1).setName("Fjord AS").build()))
                .setPublishedAt(RECEIVED.plusSeconds(9))
                .build();
        RecipientLetter letter = RecipientLetter.of(
                        LIFE.id(),
                        List.of(
                                LIFE.granted(),
                                LIFE.delivered(Life.FJORD, 1, 20),
                                other.delivered(Life.NORDLYS, 1, 20)),
                        List.of(newer, Life.directory(RECEIVED)),
                        READ)
                .orElseThrow();
        assertThat(letter.recipients())
                .singleElement()
                .satisfies(recipient -> assertThat(recipient.name()).isEqualTo("Fjord AS"));
        assertThat(RecipientLetter.of(new UUID(1, 1), List.of(LIFE.granted()), List.of(), READ))
                .isEmpty();
    }

    @Test
    void a_page_in_each_language_says_the_same_and_escapes_what_the_directory_says() {
        DirectoryPublished directory = DirectoryPublished.newBuilder(Life.directory(Life.broker(Life.FJORD, 1)
                        .setName("<b>\"Fjord\" & co</b>")
                        .build()))
                .build();
        RecipientLetter letter = RecipientLetter.of(
                        LIFE.id(),
                        List.of(
                                LIFE.granted(),
                                LIFE.delivered(Life.FJORD, 1, 20),
                                LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 60),
                                LIFE.purged(PurgeReason.DELIVERED, 50)),
                        List.of(directory),
                        READ)
                .orElseThrow();
        for (String language : Wording.languages()) {
            String page = letter.html(Wording.in(language).orElseThrow());
            assertThat(page)
                    .contains("&lt;b&gt;&quot;Fjord&quot; &amp; co&lt;/b&gt;")
                    .doesNotContain("<b>")
                    .contains(LIFE.id().toString())
                    .contains(LIFE.at(50).toString())
                    .doesNotContain("{0}");
        }
        assertThat(letter.json()).contains("\"outcome\" : \"ACCEPTED\"");
    }
}
