package org.brokerhandoff.ingest.rights;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.country.AnswerTerms;
import org.brokerhandoff.event.ExtensionReason;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.ingest.domain.RightsRuling;
import org.brokerhandoff.ingest.rights.RightsOutcome.Refusal;
import org.brokerhandoff.ingest.rights.RightsRules.Step;
import org.brokerhandoff.register.OwedNotice;
import org.brokerhandoff.register.PurgeStatus;
import org.brokerhandoff.register.RightsRequest;
import org.brokerhandoff.register.SignupState;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.register.WithdrawalStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RightsRulesTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final UUID SIGNUP = UUID.fromString("0199d2a4-7c31-7abc-8def-0123456789ab");
    private static final RightsRuling GRANTED = new RightsRuling(RequestDecision.GRANTED, RightsGround.JUSTIFIED);
    private static final RightsRuling REFUSED =
            new RightsRuling(RequestDecision.REFUSED, RightsGround.COMPELLING_GROUNDS);

    private static final Instant UNTIL = AnswerTerms.GDPR.extendedDueAt(NOON);

    private static RightsRequest request(RightsType type) {
        return new RightsRequest(
                UUID.randomUUID(),
                type,
                NOON,
                AnswerTerms.GDPR.dueAt(NOON),
                RequestMethod.WEBSITE,
                Optional.of(HoldingFound.HANDOFF_STARTED),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static RightsRequest decided(RightsRequest request, RightsRuling ruling) {
        return new RightsRequest(
                request.requestId(),
                request.type(),
                request.requestedAt(),
                request.dueAt(),
                request.method(),
                request.found(),
                request.correction(),
                request.extension(),
                Optional.of(new RightsRequest.Decision(NOON.plusSeconds(5), ruling.decision(), ruling.ground())),
                request.recipients());
    }

    private static RightsRequest told(RightsRequest request, OwedNotice... recipients) {
        return new RightsRequest(
                request.requestId(),
                request.type(),
                request.requestedAt(),
                request.dueAt(),
                request.method(),
                request.found(),
                request.correction(),
                request.extension(),
                request.decision(),
                List.of(recipients));
    }

    private static OwedNotice owed(Optional<NoticeOutcome> last, boolean confirmed, boolean refused) {
        return new OwedNotice(
                "fjord-markets",
                true,
                last.isPresent() ? 1 : 0,
                last.map(outcome -> new OwedNotice.Sending(NOON, outcome, Optional.empty())),
                confirmed ? Optional.of(NOON) : Optional.empty(),
                refused ? Optional.of(new OwedNotice.Refusal(NOON, RightsGround.LEGAL_CLAIMS)) : Optional.empty(),
                Map.of());
    }

    @ParameterizedTest
    @EnumSource(
            value = RightsType.class,
            names = {"RESTRICTION", "OBJECTION"})
    void a_restriction_stands_until_it_is_refused_and_may_then_be_asked_for_anew(RightsType type) {
        RightsRequest first = request(type);
        Instant years = NOON.plus(Duration.ofDays(900));
        assertThat(RightsRules.standing(List.of(), type, NOON)).isEmpty();
        assertThat(RightsRules.standing(List.of(first), type, years)).contains(first);
        assertThat(RightsRules.standing(List.of(decided(first, GRANTED)), type, years))
                .isPresent();
        assertThat(RightsRules.standing(List.of(decided(first, REFUSED)), type, years))
                .isEmpty();
        RightsRequest second = request(type);
        assertThat(RightsRules.standing(List.of(decided(first, REFUSED), second), type, years))
                .contains(second);
        RightsType other = type == RightsType.OBJECTION ? RightsType.RESTRICTION : RightsType.OBJECTION;
        assertThat(RightsRules.standing(List.of(first), other, NOON)).isEmpty();
    }

    @Test
    void data_is_erased_once_and_a_question_is_the_same_for_a_day() {
        RightsRequest erasure = request(RightsType.ERASURE);
        assertThat(RightsRules.standing(List.of(erasure), RightsType.ERASURE, NOON.plus(Duration.ofDays(900))))
                .contains(erasure);
        for (RightsType type : EnumSet.of(RightsType.ACCESS, RightsType.PORTABILITY)) {
            RightsRequest asked = request(type);
            assertThat(RightsRules.standing(
                            List.of(asked),
                            type,
                            NOON.plus(Duration.ofHours(24)).minusMillis(1)))
                    .contains(asked);
            assertThat(RightsRules.standing(List.of(asked), type, NOON.plus(Duration.ofHours(24))))
                    .isEmpty();
        }
    }

    @Test
    void an_id_follows_from_signup_type_and_number_and_from_nothing_else() {
        Set<UUID> ids = new HashSet<>();
        for (RightsType type : RightsType.values()) {
            List<RightsRequest> earlier = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                UUID id = RightsRules.nextId(SIGNUP, type, earlier);
                assertThat(id).isEqualTo(RightsRules.nextId(SIGNUP, type, List.copyOf(earlier)));
                assertThat(id.version()).isEqualTo(8);
                assertThat(id.variant()).isEqualTo(2);
                ids.add(id);
                ids.add(RightsRules.nextId(UUID.randomUUID(), type, earlier));
                earlier.add(request(type));
            }
            assertThat(RightsRules.nextId(SIGNUP, type, List.of(request(other(type)))))
                    .as("another type's requests do not count")
                    .isEqualTo(RightsRules.nextId(SIGNUP, type, List.of()));
        }
        assertThat(ids).hasSize(2 * 5 * RightsType.values().length);
    }

    private static RightsType other(RightsType type) {
        return type == RightsType.ACCESS ? RightsType.ERASURE : RightsType.ACCESS;
    }

    @Test
    void a_restriction_holds_as_long_as_one_request_of_several_is_not_refused() {
        RightsRequest restriction = request(RightsType.RESTRICTION);
        RightsRequest objection = request(RightsType.OBJECTION);
        assertThat(RightsRules.restrictionHolds(List.of(request(RightsType.ACCESS), request(RightsType.ERASURE))))
                .isFalse();
        assertThat(RightsRules.restrictionHolds(List.of(restriction, decided(objection, REFUSED))))
                .isTrue();
        assertThat(RightsRules.restrictionHolds(List.of(decided(restriction, REFUSED), decided(objection, GRANTED))))
                .isTrue();
        assertThat(RightsRules.restrictionHolds(List.of(decided(restriction, REFUSED), decided(objection, REFUSED))))
                .isFalse();
    }

    private static SignupStatus status(boolean assigned, Optional<Instant> withdrawn, Optional<Instant> purged) {
        return new SignupStatus(
                SIGNUP,
                Optional.of("website-1"),
                SignupState.RECEIVED,
                NOON,
                NOON.plusSeconds(3600),
                Optional.empty(),
                Optional.empty(),
                assigned,
                Optional.empty(),
                purged.map(at -> new PurgeStatus(PurgeLevel.UNREACHABLE, PurgeReason.EXPIRED, at)),
                withdrawn.map(at -> new WithdrawalStatus(
                        at,
                        WithdrawalOutcome.ERASED_BEFORE_HANDOFF,
                        WithdrawalMethod.ERASURE_REQUEST,
                        Optional.empty(),
                        Optional.empty())),
                false);
    }

    @Test
    void what_was_found_is_custodys_word_and_the_logs_where_the_slot_is_gone() {
        Optional<Instant> before = Optional.of(NOON.minusSeconds(1));
        Optional<Instant> after = Optional.of(NOON.plusSeconds(1));
        Optional<Instant> never = Optional.empty();
        Optional<HoldingFound> gone = Optional.empty();
        assertThat(RightsRules.found(gone, status(true, never, before), NOON)).isEqualTo(HoldingFound.HANDOFF_STARTED);
        assertThat(RightsRules.found(gone, status(false, never, before), NOON)).isEqualTo(HoldingFound.ENDED);
        Optional<HoldingFound> held = Optional.of(HoldingFound.HELD);
        assertThat(RightsRules.found(held, status(true, never, never), NOON)).isEqualTo(HoldingFound.HELD);
        assertThat(RightsRules.found(held, status(false, after, after), NOON)).isEqualTo(HoldingFound.HELD);
        assertThat(RightsRules.found(held, status(false, before, after), NOON)).isEqualTo(HoldingFound.ENDED);
        assertThat(RightsRules.found(held, status(false, after, before), NOON)).isEqualTo(HoldingFound.ENDED);
        for (HoldingFound certain : EnumSet.of(HoldingFound.ENDED, HoldingFound.HANDOFF_STARTED)) {
            assertThat(RightsRules.found(Optional.of(certain), status(false, before, before), NOON))
                    .isEqualTo(certain);
        }
    }

    @ParameterizedTest
    @EnumSource(RightsType.class)
    void only_what_is_weighed_is_decided_and_once(RightsType type) {
        RightsRequest request = request(type);
        boolean weighed = type == RightsType.RESTRICTION || type == RightsType.OBJECTION;
        assertThat(RightsRules.decide(request, GRANTED))
                .isEqualTo(weighed ? new Step.Allowed() : new Step.NotPossible(Refusal.NOTHING_TO_DECIDE));
        assertThat(RightsRules.decide(decided(request, REFUSED), REFUSED)).isEqualTo(new Step.Repeated());
        for (RightsRuling other :
                List.of(GRANTED, new RightsRuling(RequestDecision.REFUSED, RightsGround.LEGAL_CLAIMS))) {
            assertThat(RightsRules.decide(decided(request, REFUSED), other))
                    .isEqualTo(new Step.NotPossible(Refusal.ALREADY_DECIDED));
        }
    }

    @Test
    void an_answer_is_put_off_once_before_it_is_due_and_not_once_it_is_given() {
        RightsRequest open = request(RightsType.OBJECTION);
        Instant due = open.dueAt();
        assertThat(RightsRules.extend(open, ExtensionReason.COMPLEXITY, UNTIL, due.minusMillis(1)))
                .isEqualTo(new Step.Allowed());
        assertThat(RightsRules.extend(open, ExtensionReason.COMPLEXITY, UNTIL, due))
                .isEqualTo(new Step.NotPossible(Refusal.OVERDUE));
        assertThat(RightsRules.extend(decided(open, REFUSED), ExtensionReason.COMPLEXITY, UNTIL, NOON))
                .isEqualTo(new Step.NotPossible(Refusal.ALREADY_ANSWERED));
        assertThat(RightsRules.extend(request(RightsType.ACCESS), ExtensionReason.COMPLEXITY, UNTIL, NOON))
                .isEqualTo(new Step.NotPossible(Refusal.ALREADY_ANSWERED));
        RightsRequest extended = new RightsRequest(
                open.requestId(),
                open.type(),
                open.requestedAt(),
                UNTIL,
                open.method(),
                open.found(),
                open.correction(),
                Optional.of(new RightsRequest.Extension(NOON, ExtensionReason.COMPLEXITY)),
                open.decision(),
                open.recipients());
        assertThat(RightsRules.extend(extended, ExtensionReason.COMPLEXITY, UNTIL, due.plusSeconds(9)))
                .isEqualTo(new Step.Repeated());
        assertThat(RightsRules.extend(extended, ExtensionReason.NUMBER_OF_REQUESTS, UNTIL, NOON))
                .isEqualTo(new Step.NotPossible(Refusal.ALREADY_EXTENDED));
    }

    @Test
    void an_extension_that_adds_no_time_is_refused() {
        RightsRequest open = request(RightsType.OBJECTION);
        for (Instant until : List.of(open.dueAt(), open.dueAt().minusSeconds(1), NOON)) {
            assertThat(RightsRules.extend(open, ExtensionReason.COMPLEXITY, until, NOON))
                    .isEqualTo(new Step.NotPossible(Refusal.NOT_EXTENDABLE));
        }
        assertThat(RightsRules.extend(
                        open, ExtensionReason.COMPLEXITY, open.dueAt().plusMillis(1), NOON))
                .isEqualTo(new Step.Allowed());
    }

    @Test
    void a_request_is_as_far_as_the_recipient_that_is_least_far() {
        OwedNotice unsent = owed(Optional.empty(), false, false);
        OwedNotice failed = owed(Optional.of(NoticeOutcome.FAILED), false, false);
        OwedNotice working = owed(Optional.of(NoticeOutcome.PENDING), false, false);
        OwedNotice refused = owed(Optional.of(NoticeOutcome.REFUSED), false, true);
        OwedNotice done = owed(Optional.of(NoticeOutcome.COMPLETED), true, false);
        OwedNotice doneAfterRefusal = owed(Optional.of(NoticeOutcome.COMPLETED), true, true);
        RightsRequest erasure = request(RightsType.ERASURE);
        assertThat(RightsProgress.of(erasure)).isEqualTo(RightsProgress.COMPLETED);
        assertThat(RightsProgress.of(told(erasure, done, doneAfterRefusal))).isEqualTo(RightsProgress.COMPLETED);
        assertThat(RightsProgress.of(told(erasure, done, refused))).isEqualTo(RightsProgress.REFUSED);
        assertThat(RightsProgress.of(told(erasure, refused, working))).isEqualTo(RightsProgress.IN_PROGRESS);
        assertThat(RightsProgress.of(told(erasure, working, failed))).isEqualTo(RightsProgress.PENDING);
        assertThat(RightsProgress.of(told(erasure, done, unsent))).isEqualTo(RightsProgress.PENDING);
    }

    @Test
    void an_objection_is_weighed_until_it_is_decided() {
        RightsRequest objection = request(RightsType.OBJECTION);
        OwedNotice done = owed(Optional.of(NoticeOutcome.COMPLETED), true, false);
        assertThat(RightsProgress.of(told(objection, done))).isEqualTo(RightsProgress.IN_PROGRESS);
        assertThat(RightsProgress.of(told(decided(objection, GRANTED), done))).isEqualTo(RightsProgress.COMPLETED);
        assertThat(RightsProgress.of(told(decided(objection, REFUSED), done))).isEqualTo(RightsProgress.REFUSED);
        RightsRequest ended = new RightsRequest(
                objection.requestId(),
                objection.type(),
                NOON,
                objection.dueAt(),
                objection.method(),
                Optional.of(HoldingFound.ENDED),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        assertThat(RightsProgress.of(ended)).as("nothing is left to weigh").isEqualTo(RightsProgress.COMPLETED);
    }

    @Test
    void a_ground_fits_its_decision() {
        for (RightsGround ground : RightsGround.values()) {
            boolean speaksFor = ground == RightsGround.JUSTIFIED;
            assertThat(RightsRuling.fits(RequestDecision.GRANTED, ground)).isEqualTo(speaksFor);
            assertThat(RightsRuling.fits(RequestDecision.REFUSED, ground)).isEqualTo(!speaksFor);
        }
    }
}
