package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.now;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The life of a slot. */
class SlotFileTest extends TwoProcesses {
    @Test
    void a_held_key_is_there_for_the_other_process_and_nothing_else() {
        UUID id = UUID.randomUUID();
        HoldOutcome.Held held = hold(id);
        assertThat(awaited(router.key(held.slot(), id)).orElseThrow().getEncoded())
                .isEqualTo(held.key().getEncoded());
        assertThat(awaited(router.key(held.slot(), UUID.randomUUID()))).isEmpty();
        SlotView view = awaited(router.read(held.slot())).orElseThrow();
        assertThat(view.state()).isEqualTo(SlotState.HELD);
        assertThat(view.signupId()).isEqualTo(id);
        assertThat(view.expiry()).isEqualTo(EXPIRY);
        assertThat(view.attempt()).isZero();
        assertThat(view.broker()).isEqualTo(BrokerTag.NONE);
        assertThat(view.position()).isEmpty();
        assertThat(view.reason()).isEmpty();
        assertThat(view.erasedAt()).isEmpty();
        assertThat(awaited(router.find(id))).contains(view);
        assertThat(awaited(router.find(UUID.randomUUID()))).isEmpty();
    }

    @Test
    void a_delivered_key_is_gone_and_its_slot_tells_the_story_until_it_is_freed() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        awaited(ingest.position(slot, id, LogPosition.inSignups(3, 42)));
        assertThat(now(router.offer(() -> true, slot, id, 0, FJORD))).isEqualTo(new OfferOutcome.Offered(1));
        assertThat(awaited(router.key(slot, id))).isPresent();

        EraseOutcome.Erased erased = (EraseOutcome.Erased) now(router.erase(slot, id, EraseReason.DELIVERED));
        assertThat(erased.readBack()).isEqualTo(router.readBack());
        SlotView view = erased.view();
        assertThat(view.state()).isEqualTo(SlotState.ERASED);
        assertThat(view.reason()).contains(EraseReason.DELIVERED);
        assertThat(view.broker()).isEqualTo(FJORD);
        assertThat(view.attempt()).isEqualTo(1);
        assertThat(view.position()).contains(LogPosition.inSignups(3, 42));
        assertThat(view.erasedAt()).contains(NOW);
        assertThat(awaited(router.key(slot, id))).isEmpty();
        assertThat(awaited(ingest.key(slot, id))).isEmpty();
        assertThat(awaited(router.erased())).containsExactly(view);
        assertThat(awaited(ingest.find(id))).contains(view);

        assertThat(now(ingest.erase(slot, id, EraseReason.WITHDRAWN))).isEqualTo(new EraseOutcome.AlreadyErased(view));
        assertThat(now(router.offer(() -> true, slot, id, 0, FJORD))).isEqualTo(new OfferOutcome.Erased(view));

        awaited(ingest.recorded(slot, id));
        assertThat(awaited(router.read(slot)).orElseThrow().recorded()).isTrue();
        assertThat(awaited(router.free(slot, UUID.randomUUID()))).isFalse();
        assertThat(awaited(router.free(slot, id))).isTrue();
        assertThat(awaited(router.free(slot, id))).isFalse();
        assertThat(awaited(router.read(slot))).isEmpty();
        assertThat(awaited(router.find(id))).isEmpty();
        assertThat(awaited(router.erased())).isEmpty();
    }

    @Test
    void a_live_slot_is_not_freed() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        assertThat(awaited(ingest.free(slot, id))).isFalse();
        assertThat(awaited(ingest.key(slot, id))).isPresent();
    }

    @Test
    void every_attempt_is_counted_durably_and_so_is_a_change_of_broker() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        now(router.offer(() -> true, slot, id, 0, FJORD));
        long syncs = awaited(router.usage()).syncs();
        for (int attempt = 2; attempt <= 300; attempt++) {
            assertThat(now(router.offer(() -> true, slot, id, Math.min(attempt - 1, 255), FJORD)))
                    .isEqualTo(new OfferOutcome.Offered(Math.min(attempt, 255)));
        }
        assertThat(awaited(router.usage()).syncs()).isEqualTo(syncs + 299);
        assertThat(now(router.offer(() -> true, slot, id, 255, NORDLYS))).isEqualTo(new OfferOutcome.Offered(255));
        assertThat(awaited(router.usage()).syncs()).isEqualTo(syncs + 300);
        assertThat(awaited(router.read(slot)).orElseThrow().broker()).isEqualTo(NORDLYS);
    }

    @Test
    void who_does_not_own_the_partition_changes_no_slot_and_learns_of_an_erasure_nevertheless() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        long syncs = awaited(router.usage()).syncs();
        assertThat(now(router.offer(() -> false, slot, id, 0, FJORD))).isEqualTo(new OfferOutcome.NotOwner());
        assertThat(awaited(router.read(slot)).orElseThrow().state()).isEqualTo(SlotState.HELD);
        now(router.offer(() -> true, slot, id, 0, FJORD));
        for (BrokerTag broker : List.of(FJORD, NORDLYS)) {
            assertThat(now(router.offer(() -> false, slot, id, 1, broker))).isEqualTo(new OfferOutcome.NotOwner());
        }
        assertThat(awaited(router.read(slot)).orElseThrow().attempt()).isEqualTo(1);
        assertThat(awaited(router.usage()).syncs()).isEqualTo(syncs + 1);
        now(ingest.erase(slot, id, EraseReason.WITHDRAWN));
        assertThat(now(router.offer(() -> false, slot, id, 0, FJORD))).isInstanceOf(OfferOutcome.Erased.class);
    }

    /** By a process that took itself for the owner: its outcome is unknown to the reader. */
    @Test
    void a_slot_is_not_offered_after_an_attempt_that_the_caller_has_not_seen() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        now(router.offer(() -> true, slot, id, 0, FJORD));
        for (BrokerTag broker : List.of(FJORD, NORDLYS)) {
            assertThat(now(ingest.offer(() -> true, slot, id, 0, broker))).isEqualTo(new OfferOutcome.Changed());
        }
        assertThat(awaited(router.read(slot)).orElseThrow().attempt()).isEqualTo(1);
        assertThat(now(ingest.offer(() -> true, slot, id, 1, NORDLYS))).isEqualTo(new OfferOutcome.Offered(2));
    }

    @Test
    void an_offer_that_a_killed_process_did_not_sync_is_synced_by_the_next_attempt() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        raw.setWord(slot, StateWord.offering(raw.word(slot), FJORD));
        assertThat(awaited(router.read(slot)).orElseThrow().state()).isEqualTo(SlotState.OFFERED);
        long syncs = awaited(router.usage()).syncs();
        assertThat(now(router.offer(() -> true, slot, id, 1, FJORD))).isEqualTo(new OfferOutcome.Offered(2));
        assertThat(awaited(router.usage()).syncs()).isEqualTo(syncs + 1);
        assertThat(StateWord.state(raw.word(slot))).isEqualTo(StateWord.OFFERED);
    }

    @Test
    void a_reference_to_an_earlier_use_finds_nothing() {
        SlotFile one = ingest;
        UUID first = UUID.randomUUID();
        SlotReference stale = hold(first).slot();
        now(one.erase(stale, first, EraseReason.EXPIRED));
        awaited(one.free(stale, first));
        List<SlotReference> later = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            later.add(hold(first).slot());
        }
        assertThat(later).anyMatch(slot -> slot.slot() == stale.slot() && slot.generation() == stale.generation() + 1);
        assertThat(awaited(one.key(stale, first))).isEmpty();
        assertThat(awaited(one.read(stale))).isEmpty();
        assertThat(now(one.offer(() -> true, stale, first, 0, FJORD))).isEqualTo(new OfferOutcome.Gone());
        assertThat(now(one.erase(stale, first, EraseReason.EXPIRED))).isEqualTo(new EraseOutcome.Gone());
        awaited(one.position(stale, first, LogPosition.inSignups(1, 1)));
        awaited(one.recorded(stale, first));
        assertThat(awaited(one.free(stale, first))).isFalse();
        for (SlotReference slot : later) {
            SlotView view = awaited(one.read(slot)).orElseThrow();
            assertThat(view.state()).isEqualTo(SlotState.HELD);
            assertThat(view.position()).isEmpty();
            assertThat(view.recorded()).isFalse();
        }
    }

    @Test
    void a_slot_beyond_the_file_is_gone() {
        SlotReference beyond = new SlotReference(1_000_000, 1);
        UUID id = UUID.randomUUID();
        assertThat(awaited(ingest.key(beyond, id))).isEmpty();
        assertThat(awaited(ingest.read(beyond))).isEmpty();
        assertThat(now(ingest.erase(beyond, id, EraseReason.INVALID))).isEqualTo(new EraseOutcome.Gone());
    }

    @Test
    void a_held_key_is_told_after_another_sync_and_an_offered_one_is_not() {
        UUID id = UUID.randomUUID();
        SlotReference slot = hold(id).slot();
        long syncs = awaited(router.usage()).syncs();
        assertThat(now(router.heldKey(slot, id))).isPresent();
        assertThat(awaited(router.usage()).syncs()).isGreaterThan(syncs);
        assertThat(now(router.heldKey(slot, UUID.randomUUID()))).isEmpty();
        now(router.offer(() -> true, slot, id, 0, FJORD));
        assertThat(now(router.heldKey(slot, id))).isEmpty();
    }
}
