package org.brokerhandoff.ingest.disclosure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.BY_LAW;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.CONSENT;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.DECIDING;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.ENTERING;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.ERASE_BY;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.LATER;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.NOON;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.REQUEST;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.ROTATED;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.RULES;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.SIGNUP;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.TOO_WIDE;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.asked;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.decided;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.entered;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.key;
import static org.brokerhandoff.ingest.disclosure.DisclosureCases.refused;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.status.DisclosureCase;
import org.brokerhandoff.register.Disclosure;
import org.brokerhandoff.register.PurgeStatus;
import org.brokerhandoff.register.SignupState;
import org.brokerhandoff.register.SignupStatus;
import org.junit.jupiter.api.Test;

/** Holds of keys by orders to preserve. */
class DisclosureHoldTest {
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
        return RULES.decide(new DisclosureCase(ordered(until), Optional.of(signup)), BY_LAW, DECIDING, now);
    }

    @Test
    void a_granted_order_is_a_hold_and_a_refused_one_is_none() {
        SignupStatus held = signup(SignupState.ASSIGNED, Optional.empty(), Optional.empty());
        assertThat(hold(ERASE_BY.plusSeconds(1), held, NOON))
                .isInstanceOfSatisfying(
                        Verdict.Allowed.class,
                        allowed -> assertThat(((DisclosureDecided) allowed.event()).getPreservedUntil())
                                .isEqualTo(ERASE_BY.plusSeconds(1)));
        assertThat(RULES.decide(new DisclosureCase(ordered(LATER), Optional.of(held)), TOO_WIDE, DECIDING, NOON))
                .isInstanceOfSatisfying(
                        Verdict.Allowed.class,
                        allowed -> assertThat(((DisclosureDecided) allowed.event()).getPreservedUntil())
                                .isNull());
        refused(
                RULES.decide(new DisclosureCase(ordered(LATER), Optional.of(held)), BY_LAW, ROTATED, NOON),
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
                RULES.decide(new DisclosureCase(ordered(LATER), Optional.empty()), BY_LAW, DECIDING, NOON),
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
            assertThat(RULES.release(new DisclosureCase(granted, held), key, NOON))
                    .isInstanceOfSatisfying(
                            Verdict.Allowed.class,
                            allowed -> assertThat(((PreservationReleased) allowed.event()).getActor())
                                    .isEqualTo(key.id()));
        }
        assertThat(RULES.release(new DisclosureCase(released(granted), held), DECIDING, NOON))
                .isEqualTo(new Verdict.Taken());
        refused(RULES.release(new DisclosureCase(granted, held), DECIDING, LATER), Refusal.NO_HOLD);
        refused(
                RULES.release(
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
            refused(RULES.release(new DisclosureCase(none, held), DECIDING, NOON), Refusal.NO_HOLD);
        }
    }
}
