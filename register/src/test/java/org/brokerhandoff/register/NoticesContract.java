package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Withdrawals, and the notices of them that a register says are owed, with any database. */
@Execution(ExecutionMode.CONCURRENT)
abstract class NoticesContract extends DatabaseContract {
    @Test
    void who_took_a_withdrawal_in_says_how_it_came_also_after_a_router_that_knew_it_from_custody_alone() {
        for (boolean together : List.of(true, false)) {
            try (Register register = Register.open(empty())) {
                UUID id = Events.signupId();
                ConsentWithdrawn ofTheRouter = ConsentWithdrawn.newBuilder(Events.withdrawn(id))
                        .setMethod(WithdrawalMethod.NOT_RECORDED)
                        .build();
                ConsentWithdrawn byLetter = ConsentWithdrawn.newBuilder(Events.withdrawn(id))
                        .setMethod(WithdrawalMethod.LETTER)
                        .build();
                apply(register, Topic.CONSENTS, Events.granted(id));
                EventBatch batch = new EventBatch();
                for (ConsentWithdrawn event : List.of(ofTheRouter, byLetter, ofTheRouter, Events.withdrawn(id))) {
                    if (together) {
                        batch.add(Topic.CONSENTS, new Decoded.Event(event));
                    } else {
                        apply(register, Topic.CONSENTS, event);
                    }
                }
                if (together) {
                    apply(register, batch);
                }
                assertThat(register.status(id)
                                .orElseThrow()
                                .withdrawal()
                                .orElseThrow()
                                .method())
                        .isEqualTo(WithdrawalMethod.LETTER);
            }
        }
    }

    @Test
    void whoever_confirmed_the_delivery_has_to_be_told_and_else_whoever_may_have_it() {
        try (Register register = Register.open(empty())) {
            UUID delivered = Events.signupId();
            UUID unknown = Events.signupId();
            UUID refusedByAll = Events.signupId();
            for (UUID id : List.of(delivered, unknown, refusedByAll)) {
                apply(register, Topic.CONSENTS, Events.granted(id));
                apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
                apply(register, Topic.HANDOFFS, Events.assigned(id, "nordlys-invest", 1));
                apply(register, Topic.HANDOFFS, Events.assigned(id, "sund-capital", 2));
                apply(register, Topic.HANDOFFS, Events.refused(id, "fjord-markets"));
                apply(register, Topic.CONSENTS, Events.withdrawn(id));
            }
            apply(register, Topic.HANDOFFS, Events.delivered(delivered, "sund-capital"));
            apply(register, Topic.HANDOFFS, Events.released(refusedByAll, "nordlys-invest"));
            apply(register, Topic.HANDOFFS, Events.refused(refusedByAll, "sund-capital"));

            assertThat(told(register, delivered)).containsExactly("sund-capital");
            assertThat(told(register, unknown)).containsExactly("nordlys-invest", "sund-capital");
            assertThat(told(register, refusedByAll)).isEmpty();
            assertThat(notice(register, refusedByAll)).isEmpty();
            assertThat(register.status(refusedByAll).orElseThrow().broker()).isEmpty();
        }
    }

    @Test
    void a_broker_that_was_sent_a_signup_once_more_after_its_refusal_or_release_has_to_be_told() {
        for (boolean refused : List.of(true, false)) {
            try (Register register = Register.open(empty())) {
                UUID id = Events.signupId();
                SpecificRecord end = refused
                        ? Events.refused(id, "fjord-markets")
                        : Released.newBuilder(Events.released(id, "fjord-markets"))
                                .setAttempts(2)
                                .build();
                int next = refused ? 2 : 3;
                apply(register, Topic.CONSENTS, Events.granted(id));
                apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
                apply(register, Topic.HANDOFFS, Events.attempt(id, "fjord-markets", 1, AttemptOutcome.UNKNOWN));
                apply(register, Topic.HANDOFFS, end);
                apply(register, Topic.CONSENTS, Events.withdrawn(id));
                assertThat(told(register, id)).as("the end covers the attempt").isEmpty();

                apply(register, Topic.HANDOFFS, Events.attempt(id, "fjord-markets", next, AttemptOutcome.NOT_SENT));
                assertThat(told(register, id)).as("nothing was sent").isEmpty();
                apply(register, Topic.HANDOFFS, Events.attempt(id, "fjord-markets", next + 1, AttemptOutcome.UNKNOWN));
                assertThat(told(register, id)).containsExactly("fjord-markets");
                // Neither a repeat of the first end nor of an earlier attempt changes that.
                apply(register, Topic.HANDOFFS, end);
                apply(register, Topic.HANDOFFS, Events.attempt(id, "fjord-markets", 1, AttemptOutcome.UNKNOWN));
                assertThat(told(register, id)).containsExactly("fjord-markets");

                apply(
                        register,
                        Topic.HANDOFFS,
                        Refused.newBuilder(Events.refused(id, "fjord-markets"))
                                .setAttempt(next + 2)
                                .build());
                assertThat(told(register, id)).isEmpty();
            }
        }
    }

    @Test
    void a_notice_is_pending_then_escalated_then_confirmed_once_every_broker_has_confirmed() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            apply(register, Topic.CONSENTS, Events.granted(id));
            apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
            apply(register, Topic.HANDOFFS, Events.assigned(id, "nordlys-invest", 0));
            assertThat(register.status(id).orElseThrow().withdrawal()).isEmpty();
            apply(register, Topic.CONSENTS, Events.withdrawn(id));
            assertThat(notice(register, id)).map(NoticeStatus::state).contains(NoticeStatus.State.PENDING);

            apply(register, Topic.HANDOFFS, Events.sent(id, "fjord-markets", 2, NoticeOutcome.FAILED));
            apply(register, Topic.HANDOFFS, Events.sent(id, "fjord-markets", 1, NoticeOutcome.NO_ANSWER));
            apply(register, Topic.HANDOFFS, Events.confirmed(id, "nordlys-invest", Events.NOON.plusSeconds(60)));
            assertThat(notice(register, id))
                    .contains(new NoticeStatus(
                            NoticeStatus.State.PENDING, 2, Optional.of(Events.NOON.plusSeconds(32)), Optional.empty()));
            assertThat(register.noticesInProgress().get(0).notices().get(0).last())
                    .contains(new OwedNotice.Sending(
                            Events.NOON.plusSeconds(32),
                            NoticeOutcome.FAILED,
                            Optional.of(Events.NOON.plusSeconds(3_600))));

            apply(register, Topic.HANDOFFS, Events.escalated(id, "fjord-markets", EscalationReason.SILENT));
            assertThat(notice(register, id)).map(NoticeStatus::state).contains(NoticeStatus.State.ESCALATED);
            assertThat(register.status(id)
                            .orElseThrow()
                            .withdrawal()
                            .orElseThrow()
                            .brokerConfirmedAt())
                    .isEmpty();

            apply(register, Topic.HANDOFFS, Events.confirmed(id, "fjord-markets", Events.NOON.plusSeconds(70)));
            apply(register, Topic.HANDOFFS, Events.confirmed(id, "fjord-markets", Events.NOON.plusSeconds(90)));
            assertThat(notice(register, id)).map(NoticeStatus::state).contains(NoticeStatus.State.CONFIRMED);
            assertThat(register.status(id)
                            .orElseThrow()
                            .withdrawal()
                            .orElseThrow()
                            .brokerConfirmedAt())
                    .contains(Events.NOON.plusSeconds(70));
        }
    }

    @Test
    void a_withdrawal_is_in_progress_until_it_is_ended_and_one_before_the_handoff_never_is() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            UUID before = Events.signupId();
            ConsentWithdrawn early = ConsentWithdrawn.newBuilder(Events.withdrawn(before))
                    .setOutcome(WithdrawalOutcome.ERASED_BEFORE_HANDOFF)
                    .build();
            apply(register, Topic.HANDOFFS, Events.assigned(before, "fjord-markets", 0));
            apply(register, Topic.CONSENTS, early);
            assertThat(register.noticesInProgress()).isEmpty();
            apply(register, Topic.CONSENTS, Events.withdrawn(id));
            assertThat(register.noticesInProgress())
                    .containsExactly(new NoticesInProgress(
                            NoticeCause.withdrawal(id), NoticeType.WITHDRAWAL, Events.NOON.plusSeconds(30), List.of()));

            register.ended(List.of(NoticeCause.withdrawal(id)));
            assertThat(register.noticesInProgress()).isEmpty();
        }
    }

    private static List<String> told(Register register, UUID id) {
        return register.noticesInProgress().stream()
                .filter(withdrawal -> withdrawal.cause().signupId().equals(id))
                .flatMap(withdrawal -> withdrawal.notices().stream())
                .map(OwedNotice::broker)
                .toList();
    }

    private static Optional<NoticeStatus> notice(Register register, UUID id) {
        return register.status(id).orElseThrow().withdrawal().orElseThrow().notice();
    }
}
