package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.router.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PurgeEventsTest {
    private static final UUID ID = UUID.fromString("01936d2e-0000-7000-8000-000000000001");
    private static final Duration RESERVE = Duration.ofMinutes(10);
    private static final Instant NOW = Examples.RECEIVED.plusSeconds(30);

    private static SlotView erased(EraseReason reason, BrokerTag broker) {
        return Examples.slot(ID, SlotState.ERASED, Optional.of(reason), broker);
    }

    private static PendingPurge pending(EraseReason reason, Optional<Instant> eraseBy) {
        SlotView slot = erased(reason, BrokerTag.of("a"));
        return PurgeEvents.pending(slot, slot.position(), false, eraseBy, ReadBack.DIRECT, RESERVE);
    }

    @ParameterizedTest
    @EnumSource(EraseReason.class)
    void every_reason_of_custody_is_a_reason_of_a_purge(EraseReason reason) {
        assertThat(pending(reason, Optional.empty()).reason()).isEqualTo(PurgeReason.valueOf(reason.name()));
    }

    @Test
    void the_claim_of_unreadable_has_no_evidence_of_a_cut() {
        Purged purged = PurgeEvents.purged(
                pending(EraseReason.DELIVERED, Optional.of(Examples.ERASE_BY)),
                PurgeLevel.UNREADABLE,
                2,
                Optional.empty(),
                Duration.ofMinutes(1),
                Examples.CEILING,
                NOW);
        assertThat(purged.getStartOffset()).isNull();
        assertThat(purged.getReplicas()).isNull();
        assertThat(purged.getCutConfirmedAt()).isNull();
        assertThat(purged.getCheckpointIntervalMillis()).isNull();
        assertThat(purged.getOffset()).isEqualTo(40);
        assertThat(purged.getEraseBy()).isEqualTo(Examples.ERASE_BY);
        assertThat(purged.getKeyErasedAt()).isEqualTo(Examples.RECEIVED.plusSeconds(1));
    }

    @Test
    void the_claim_of_unreachable_has_all_of_it() {
        Instant confirmed = Examples.RECEIVED.plusSeconds(2);
        PartitionPurge.VerifiedCut cut = PartitionPurge.NONE
                .cut(41, confirmed)
                .observed(new PartitionPurge.Cut(41, confirmed), 43, Brokers.replicas(3, 3))
                .verified()
                .orElseThrow();
        Purged purged = PurgeEvents.purged(
                pending(EraseReason.DELIVERED, Optional.of(Examples.ERASE_BY)),
                PurgeLevel.UNREACHABLE,
                2,
                Optional.of(new PurgePlanner.Reached(cut, Optional.empty(), NOW)),
                Duration.ofMinutes(1),
                Examples.CEILING,
                NOW);
        assertThat(purged.getStartOffset()).isEqualTo(43);
        assertThat(purged.getReplicas()).isEqualTo(3);
        assertThat(purged.getInSyncReplicas()).isEqualTo(3);
        assertThat(purged.getCutConfirmedAt()).isEqualTo(confirmed);
        assertThat(purged.getCheckpointIntervalMillis()).isEqualTo(60_000);
        assertThat(purged.getPartition()).isEqualTo(2);
        assertThat(purged.getInstance()).isEqualTo(Examples.CEILING.instance());
    }

    @Test
    void the_fallback_lies_before_the_promise_whether_the_record_was_read_or_not() {
        assertThat(pending(EraseReason.EXPIRED, Optional.of(Examples.ERASE_BY)).fallbackAt())
                .isBetween(Examples.KEY_EXPIRY, Examples.ERASE_BY.minusSeconds(100));
        assertThat(pending(EraseReason.EXPIRED, Optional.empty()).fallbackAt())
                .isEqualTo(pending(EraseReason.EXPIRED, Optional.of(Examples.ERASE_BY))
                        .fallbackAt());
        assertThat(pending(EraseReason.EXPIRED, Optional.empty()).eraseBy())
                .as("what is derived is not claimed")
                .isEmpty();
    }

    @Test
    void a_key_that_was_kept_beyond_the_promise_leaves_as_long_for_a_stronger_claim() {
        SlotView slot = erased(EraseReason.EXPIRED, BrokerTag.NONE);
        Duration usual = Duration.between(
                Examples.KEY_EXPIRY,
                pending(EraseReason.EXPIRED, Optional.of(Examples.ERASE_BY)).fallbackAt());
        for (Instant erasedAt : List.of(Examples.ERASE_BY, Examples.ERASE_BY.plus(Duration.ofDays(9)))) {
            SlotView late = new SlotView(
                    slot.reference(),
                    slot.state(),
                    slot.reason(),
                    slot.broker(),
                    slot.attempt(),
                    slot.signupId(),
                    slot.expiry(),
                    slot.position(),
                    Optional.of(erasedAt),
                    slot.recorded(),
                    slot.restricted(),
                    slot.prolongedTo());
            for (Optional<Instant> eraseBy : List.of(Optional.of(Examples.ERASE_BY), Optional.<Instant>empty())) {
                PendingPurge purge = PurgeEvents.pending(
                        late,
                        late.position(),
                        true,
                        eraseBy,
                        ReadBack.DIRECT,
                        Duration.between(Examples.KEY_EXPIRY, Examples.ERASE_BY));
                assertThat(purge.fallbackAt()).isEqualTo(erasedAt.plus(usual));
                assertThat(purge.eraseBy()).as("the promise").isEqualTo(eraseBy);
            }
        }
    }

    @Test
    void a_record_without_a_slot_is_purged_as_invalid_and_unobserved() {
        PendingPurge purge = PurgeEvents.withoutSlot(Examples.signup(ID, "a"), NOW);
        assertThat(purge.reason()).isEqualTo(PurgeReason.INVALID);
        assertThat(purge.readBack()).isEqualTo(ReadBack.UNOBSERVED);
        assertThat(purge.keyErasedAt()).isEqualTo(NOW);
        assertThat(purge.offset()).hasValue(40);
    }

    @Test
    void an_unrecorded_withdrawal_says_whether_a_handoff_had_started() {
        assertThat(PurgeEvents.unrecordedWithdrawal(erased(EraseReason.WITHDRAWN, BrokerTag.NONE))
                        .orElseThrow()
                        .getOutcome())
                .isEqualTo(WithdrawalOutcome.ERASED_BEFORE_HANDOFF);
        assertThat(PurgeEvents.unrecordedWithdrawal(erased(EraseReason.WITHDRAWN, BrokerTag.of("a")))
                        .orElseThrow()
                        .getOutcome())
                .isEqualTo(WithdrawalOutcome.HANDOFF_STARTED);
        assertThat(PurgeEvents.unrecordedWithdrawal(erased(EraseReason.DELIVERED, BrokerTag.of("a"))))
                .isEmpty();
    }

    @Test
    void an_unrecorded_withdrawal_says_how_many_attempts_it_found() {
        for (BrokerTag offered : List.of(BrokerTag.NONE, BrokerTag.of("a"))) {
            SlotView slot = erased(EraseReason.WITHDRAWN, offered);
            assertThat(PurgeEvents.unrecordedWithdrawal(slot).orElseThrow().getAttempts())
                    .isEqualTo(slot.attempt());
        }
    }

    @Test
    void a_recorded_withdrawal_is_not_recorded_again() {
        SlotView slot = erased(EraseReason.WITHDRAWN, BrokerTag.NONE);
        SlotView recorded = new SlotView(
                slot.reference(),
                slot.state(),
                slot.reason(),
                slot.broker(),
                slot.attempt(),
                slot.signupId(),
                slot.expiry(),
                Optional.of(LogPosition.inSignups(2, 40)),
                slot.erasedAt(),
                true,
                false,
                Optional.empty());
        assertThat(PurgeEvents.unrecordedWithdrawal(recorded)).isEmpty();
    }
}
