package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.now;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Changes of one slot by several callers at once. */
class SlotFileRaceTest extends TwoProcesses {
    private static final int ROUNDS = Boolean.getBoolean("handoff.test.long") ? 10_000 : 2_000;

    @Test
    void a_withdrawal_and_an_offer_never_both_come_first() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        CyclicBarrier start = new CyclicBarrier(2);
        int offersFirst = 0;
        int withdrawalsFirst = 0;
        for (int round = 0; round < ROUNDS; round++) {
            UUID id = UUID.randomUUID();
            SlotReference slot = hold(id).slot();
            int lag = round % 64;
            Future<OfferOutcome> offering = two.submit(() -> {
                start.await();
                spin(lag);
                return now(router.offer(() -> true, slot, id, 0, FJORD));
            });
            Future<EraseOutcome> withdrawing = two.submit(() -> {
                start.await();
                spin(64 - lag);
                return now(ingest.erase(slot, id, EraseReason.WITHDRAWN));
            });
            SlotView erased = ((EraseOutcome.Erased) withdrawing.get()).view();
            if (offering.get() instanceof OfferOutcome.Offered) {
                offersFirst++;
                assertThat(erased.attempt())
                        .as("round %d: the withdrawal knows of the offer", round)
                        .isEqualTo(1);
                assertThat(erased.broker()).isEqualTo(FJORD);
            } else {
                withdrawalsFirst++;
                assertThat(offering.get()).isInstanceOf(OfferOutcome.Erased.class);
                assertThat(erased.attempt())
                        .as("round %d: nothing was offered", round)
                        .isZero();
            }
            assertThat(awaited(router.key(slot, id))).isEmpty();
            assertThat(awaited(ingest.free(slot, id))).isTrue();
        }
        two.shutdown();
        assertThat(offersFirst).isPositive();
        assertThat(withdrawalsFirst).isPositive();
    }

    @Test
    void erasures_of_one_slot_at_once_agree_on_the_reason_and_one_began_it() throws Exception {
        ExecutorService four = Executors.newFixedThreadPool(4);
        for (int round = 0; round < 200; round++) {
            UUID id = UUID.randomUUID();
            SlotReference slot = hold(id).slot();
            List<Future<EraseOutcome>> erasures = new ArrayList<>();
            for (EraseReason reason :
                    List.of(EraseReason.DELIVERED, EraseReason.WITHDRAWN, EraseReason.EXPIRED, EraseReason.INVALID)) {
                SlotFile through = erasures.size() % 2 == 0 ? ingest : router;
                erasures.add(four.submit(() -> now(through.erase(slot, id, reason))));
            }
            int began = 0;
            SlotView last = null;
            for (Future<EraseOutcome> erasure : erasures) {
                SlotView view;
                if (erasure.get() instanceof EraseOutcome.Erased erased) {
                    began++;
                    view = erased.view();
                } else {
                    view = ((EraseOutcome.AlreadyErased) erasure.get()).view();
                }
                assertThat(view.state()).isEqualTo(SlotState.ERASED);
                assertThat(last == null || last.equals(view)).isTrue();
                last = view;
            }
            assertThat(began).isEqualTo(1);
            assertThat(awaited(ingest.free(slot, id))).isTrue();
        }
        four.shutdown();
    }

    @Test
    void many_changes_at_once_share_syncs() {
        List<CompletableFuture<HoldOutcome>> holds = new ArrayList<>();
        try (SlotFile large = open(64, 4096)) {
            for (int i = 0; i < 4096; i++) {
                holds.add(large.hold(UUID.randomUUID(), EXPIRY).toCompletableFuture());
            }
            holds.forEach(Completed::now);
            CustodyUsage usage = awaited(large.usage());
            assertThat(usage.changesSynced()).isEqualTo(4096);
            assertThat(usage.syncs()).isLessThan(4096);
        }
    }
}
