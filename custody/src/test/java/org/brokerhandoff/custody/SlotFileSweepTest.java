package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.now;

import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a sweep destroys, finishes and frees. */
class SlotFileSweepTest extends TwoProcesses {
    @Test
    void a_sweep_destroys_what_is_past_its_expiry_and_nothing_else() {
        UUID held = UUID.randomUUID();
        UUID offered = UUID.randomUUID();
        UUID later = UUID.randomUUID();
        SlotReference heldSlot = hold(held).slot();
        SlotReference offeredSlot = hold(offered).slot();
        SlotReference laterSlot = ((HoldOutcome.Held) now(ingest.hold(later, EXPIRY.plusMillis(1)))).slot();
        now(router.offer(() -> true, offeredSlot, offered, 0, FJORD));

        assertThat(router.sweep(EXPIRY.minusMillis(1))).isEqualTo(new SweepResult(0, 0, 0, 0));
        assertThat(router.sweep(EXPIRY)).isEqualTo(new SweepResult(2, 0, 0, 0));
        assertThat(awaited(router.read(heldSlot)).orElseThrow().reason()).contains(EraseReason.EXPIRED);
        assertThat(awaited(router.read(offeredSlot)).orElseThrow().broker()).isEqualTo(FJORD);
        assertThat(awaited(router.key(laterSlot, later))).isPresent();
        assertThat(awaited(router.erased())).hasSize(2);
        assertThat(router.sweep(EXPIRY)).isEqualTo(new SweepResult(0, 0, 0, 0));
    }

    @Test
    void an_erasure_that_a_crash_interrupted_is_finished_by_a_sweep() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        raw.setWord(slot, StateWord.erasing(raw.word(slot), EraseReason.WITHDRAWN));
        assertThat(awaited(router.key(slot, id))).isEmpty();
        assertThat(router.sweep(NOW)).isEqualTo(new SweepResult(0, 1, 0, 0));
        assertThat(awaited(router.read(slot)).orElseThrow().reason()).contains(EraseReason.WITHDRAWN);
        assertThat(raw.wrapping(slot)).containsOnly(0);
    }

    @Test
    void an_erasure_that_a_crash_interrupted_is_finished_by_the_next_and_keeps_its_reason() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        raw.setWord(slot, StateWord.erasing(raw.word(slot), EraseReason.WITHDRAWN));
        EraseOutcome outcome = now(router.erase(slot, id, EraseReason.EXPIRED));
        assertThat(outcome).isInstanceOf(EraseOutcome.AlreadyErased.class);
        SlotView view = ((EraseOutcome.AlreadyErased) outcome).view();
        assertThat(view.state()).isEqualTo(SlotState.ERASED);
        assertThat(view.reason()).contains(EraseReason.WITHDRAWN);
        assertThat(raw.wrapping(slot)).containsOnly(0);
    }

    @Test
    void a_claim_is_reclaimed_only_once_it_was_seen_unchanged_for_a_minute() throws IOException {
        SlotReference slot = new SlotReference(9, 1);
        raw.setWord(slot, StateWord.claimed(0));
        raw.write(SlotLayout.fileOffset(9) + SlotLayout.KEY_AREA, new byte[] {1, 2, 3});
        assertThat(router.sweep(NOW).reclaimed()).isZero();
        assertThat(router.sweep(NOW.plusSeconds(59)).reclaimed()).isZero();
        assertThat(router.sweep(NOW.plusSeconds(60)).reclaimed()).isEqualTo(1);
        assertThat(StateWord.state(raw.word(slot))).isEqualTo(StateWord.FREE);
        assertThat(raw.wrapping(slot)).containsOnly(0);
    }

    @Test
    void a_damaged_slot_keeps_no_key_and_is_not_reported_as_anyones() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        raw.write(SlotLayout.fileOffset(slot.slot()) + SlotLayout.SIGNUP_ID_HIGH, new byte[] {1, 2, 3});
        assertThat(awaited(router.key(slot, id))).isEmpty();
        assertThat(router.sweep(NOW)).isEqualTo(new SweepResult(0, 0, 0, 1));
        assertThat(raw.wrapping(slot)).containsOnly(0);
        assertThat(awaited(router.erased())).isEmpty();
        assertThat(awaited(router.read(slot))).isEmpty();
    }

    /** Each state that a damaged word may show, with the key still there. */
    @Test
    void a_slot_whose_state_is_damaged_is_not_freed_before_its_key_is_destroyed() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        long live = raw.word(slot);
        raw.setWord(slot, StateWord.erased(StateWord.erasing(live, EraseReason.DELIVERED)));
        assertThat(raw.wrapping(slot)).isNotEqualTo(new byte[raw.wrapping(slot).length]);
        assertThat(awaited(router.erased())).as("nothing may be claimed of it").isEmpty();
        assertThat(awaited(router.read(slot))).isEmpty();
        assertThat(awaited(router.free(slot, id))).isFalse();
        assertThat(StateWord.state(raw.word(slot))).isEqualTo(StateWord.ERASED);
        assertThat(router.sweep(NOW)).isEqualTo(new SweepResult(0, 0, 0, 1));
        assertThat(raw.wrapping(slot)).containsOnly(0);
        assertThat(StateWord.state(raw.word(slot))).isEqualTo(StateWord.FREE);
    }

    @Test
    void a_slot_that_looks_like_a_claim_is_freed_only_after_its_key_was_synced_and_read_back_as_zero()
            throws IOException {
        SlotReference slot = hold(UUID.randomUUID()).slot();
        raw.setWord(slot, StateWord.claimed(raw.word(slot)));
        long synced = awaited(router.usage()).syncs();
        assertThat(router.sweep(NOW).reclaimed()).isZero();
        assertThat(router.sweep(NOW.plusSeconds(60)).reclaimed()).isEqualTo(1);
        assertThat(raw.wrapping(slot)).containsOnly(0);
        assertThat(StateWord.state(raw.word(slot))).isEqualTo(StateWord.FREE);
        assertThat(awaited(router.usage()).syncs()).isGreaterThan(synced);
    }
}
