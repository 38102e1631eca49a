package org.brokerhandoff.ingest.rights;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.ingest.domain.RightsRuling;
import org.brokerhandoff.ingest.rights.RightsOutcome.Refusal;
import org.brokerhandoff.ingest.status.RightsCase;
import org.brokerhandoff.register.HoldingBroker;
import org.brokerhandoff.register.PurgeStatus;
import org.brokerhandoff.register.RecordedConsent;
import org.brokerhandoff.register.RightsRequest;
import org.brokerhandoff.register.SignupState;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.register.WithdrawalStatus;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CorrectionRulesTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final UUID SIGNUP = new UUID(1, 2);
    private static final UUID FIRST = new UUID(3, 4);
    private static final RightsRuling REFUSED =
            new RightsRuling(RequestDecision.REFUSED, RightsGround.IDENTITY_NOT_ESTABLISHED);

    private static SignupStatus signup(SignupState state, Optional<PurgeReason> purged) {
        return status(SIGNUP, state, purged, true, Optional.empty());
    }

    private static SignupStatus status(
            UUID id,
            SignupState state,
            Optional<PurgeReason> purged,
            boolean consented,
            Optional<WithdrawalStatus> withdrawal) {
        return new SignupStatus(
                id,
                Optional.of("website-1"),
                state,
                NOON,
                NOON.plusSeconds(3600),
                Optional.empty(),
                Optional.of(new HoldingBroker(
                        "fjord-markets", "Fjord Markets AS", Optional.empty(), Optional.empty(), Optional.empty())),
                true,
                consented ? Optional.of(consent()) : Optional.empty(),
                purged.map(reason -> new PurgeStatus(PurgeLevel.UNREACHABLE, reason, NOON)),
                withdrawal,
                !consented);
    }

    private static RecordedConsent consent() {
        return new RecordedConsent(
                1,
                "2026-11-01",
                Digests.sha256("policy"),
                Optional.empty(),
                "nb",
                List.of(Purpose.BROKER_HANDOFF),
                List.of(DataCategory.IDENTITY),
                List.of("fjord-markets"),
                "NO",
                WithdrawalMethod.WEBSITE_REQUEST,
                NOON,
                ConsentMethod.REGISTRATION_FORM,
                NOON,
                NOON.plusSeconds(3600),
                Optional.empty());
    }

    private static RightsRequest rectification(UUID id, Optional<SignupStatus> data) {
        return new RightsRequest(
                id,
                RightsType.RECTIFICATION,
                NOON,
                NOON.plusSeconds(30L * 86_400),
                RequestMethod.WEBSITE,
                Optional.empty(),
                Optional.of(new RightsRequest.Correction(id, data)),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static SignupStatus data(SignupState state, Optional<PurgeReason> purged) {
        return status(FIRST, state, purged, false, Optional.empty());
    }

    private static CorrectionRules.Step step(SignupStatus signup, RightsRequest... requests) {
        return CorrectionRules.of(new RightsCase(signup, List.of(requests)), NOON.plusSeconds(60));
    }

    @Test
    void new_data_goes_to_the_broker_that_confirmed() {
        assertThat(step(signup(SignupState.DELIVERED, Optional.of(PurgeReason.DELIVERED))))
                .isEqualTo(new CorrectionRules.Step.Take("fjord-markets", List.of()));
        assertThat(step(signup(SignupState.DELIVERED, Optional.of(PurgeReason.EXPIRED))))
                .as("the time was up while the broker answered")
                .isEqualTo(new CorrectionRules.Step.Take("fjord-markets", List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "RECEIVED, NOT_HANDED_OVER_YET",
        "ASSIGNED, NOT_HANDED_OVER_YET",
        "DELIVERED, NOT_HANDED_OVER_YET",
        "EXPIRED, NOTHING_TO_RECTIFY",
        "UNDELIVERABLE, NOTHING_TO_RECTIFY",
        "WITHDRAWN, CONSENT_WITHDRAWN"
    })
    void there_is_nothing_to_correct_elsewhere_before_and_beside_a_handoff(SignupState state, Refusal reason) {
        assertThat(step(signup(state, Optional.empty()))).isEqualTo(new CorrectionRules.Step.NotPossible(reason));
    }

    @Test
    void a_withdrawal_ends_it_whatever_the_state_and_a_message_has_none() {
        WithdrawalStatus withdrawn = new WithdrawalStatus(
                NOON,
                WithdrawalOutcome.HANDOFF_STARTED,
                WithdrawalMethod.WEBSITE_REQUEST,
                Optional.empty(),
                Optional.empty());
        assertThat(step(status(
                        SIGNUP,
                        SignupState.WITHDRAWN,
                        Optional.of(PurgeReason.DELIVERED),
                        true,
                        Optional.of(withdrawn))))
                .isEqualTo(new CorrectionRules.Step.NotPossible(Refusal.CONSENT_WITHDRAWN));
        assertThat(step(status(
                        SIGNUP, SignupState.DELIVERED, Optional.of(PurgeReason.DELIVERED), false, Optional.empty())))
                .isEqualTo(new CorrectionRules.Step.NotPossible(Refusal.NOTHING_TO_RECTIFY));
    }

    @Test
    void earlier_new_data_is_open_until_it_is_purged() {
        SignupStatus signup = signup(SignupState.DELIVERED, Optional.of(PurgeReason.DELIVERED));
        CorrectionRules.Step open = new CorrectionRules.Step.Take("fjord-markets", List.of(FIRST));
        assertThat(step(signup, rectification(FIRST, Optional.empty()))).isEqualTo(open);
        for (SignupState state : List.of(SignupState.RECEIVED, SignupState.ASSIGNED, SignupState.DELIVERED)) {
            assertThat(step(signup, rectification(FIRST, Optional.of(data(state, Optional.empty())))))
                    .isEqualTo(open);
        }
        assertThat(step(
                        signup,
                        rectification(
                                FIRST, Optional.of(data(SignupState.DELIVERED, Optional.of(PurgeReason.DELIVERED))))))
                .isEqualTo(new CorrectionRules.Step.Take("fjord-markets", List.of()));
    }

    @Test
    void a_signups_data_is_corrected_ten_times_a_day_at_most() {
        SignupStatus signup = signup(SignupState.DELIVERED, Optional.of(PurgeReason.DELIVERED));
        RightsRequest done =
                rectification(FIRST, Optional.of(data(SignupState.DELIVERED, Optional.of(PurgeReason.DELIVERED))));
        RightsCase ten = new RightsCase(signup, Collections.nCopies(CorrectionRules.MOST_IN_A_DAY, done));
        assertThat(CorrectionRules.of(ten, NOON.plusSeconds(86_399)))
                .isEqualTo(new CorrectionRules.Step.NotPossible(Refusal.TOO_MANY_RECTIFICATIONS));
        assertThat(CorrectionRules.of(ten, NOON.plusSeconds(86_400))).isInstanceOf(CorrectionRules.Step.Take.class);
        assertThat(step(
                        signup,
                        Collections.nCopies(CorrectionRules.MOST_IN_A_DAY - 1, done)
                                .toArray(RightsRequest[]::new)))
                .isInstanceOf(CorrectionRules.Step.Take.class);
    }

    @ParameterizedTest
    @CsvSource({
        "RECEIVED,, PENDING",
        "ASSIGNED,, IN_PROGRESS",
        "DELIVERED,, COMPLETED",
        "EXPIRED, EXPIRED, PENDING",
        "UNDELIVERABLE, UNDELIVERABLE, REFUSED",
        "UNDELIVERABLE,, REFUSED",
        "UNDELIVERABLE, INVALID, PENDING",
        "WITHDRAWN, WITHDRAWN, REFUSED",
        "WITHDRAWN, DELIVERED, COMPLETED"
    })
    void a_rectification_is_as_far_as_its_new_data(SignupState state, PurgeReason purged, RightsProgress progress) {
        assertThat(RightsProgress.of(rectification(FIRST, Optional.of(data(state, Optional.ofNullable(purged))))))
                .isEqualTo(progress);
    }

    @Test
    void one_whose_data_was_never_taken_in_is_pending_until_it_is_decided() {
        RightsRequest interrupted = rectification(FIRST, Optional.empty());
        assertThat(RightsProgress.of(interrupted)).isEqualTo(RightsProgress.PENDING);
        assertThat(RightsRules.decide(interrupted, REFUSED)).isEqualTo(new RightsRules.Step.Allowed());
    }

    @ParameterizedTest
    @EnumSource(SignupState.class)
    void one_is_refused_only_where_its_data_can_reach_nobody_any_more(SignupState state) {
        assertThat(RightsRules.decide(rectification(FIRST, Optional.of(data(state, Optional.empty()))), REFUSED))
                .as("the key may be there")
                .isEqualTo(new RightsRules.Step.NotPossible(Refusal.NOTHING_TO_DECIDE));
        RightsRules.Step ended = RightsRules.decide(
                rectification(
                        FIRST,
                        Optional.of(data(
                                state,
                                Optional.of(
                                        state == SignupState.EXPIRED ? PurgeReason.EXPIRED : PurgeReason.DELIVERED)))),
                REFUSED);
        assertThat(ended instanceof RightsRules.Step.Allowed)
                .isEqualTo(state == SignupState.EXPIRED || state == SignupState.RECEIVED);
    }

    @Test
    void nobody_grants_what_the_holder_has_to_do() {
        assertThat(RightsRules.decide(
                        rectification(FIRST, Optional.empty()),
                        new RightsRuling(RequestDecision.GRANTED, RightsGround.JUSTIFIED)))
                .isEqualTo(new RightsRules.Step.NotPossible(Refusal.NOTHING_TO_DECIDE));
    }
}
