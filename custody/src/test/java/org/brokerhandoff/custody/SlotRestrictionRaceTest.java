package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.now;

import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Restrictions, offers and erasures at once. */
class SlotRestrictionRaceTest extends SlotRestrictions {
    private static final int ROUNDS = Boolean.getBoolean("handoff.test.long") ? 10_000 : 2_000;

    @Test
    void a_restriction_and_an_offer_never_both_come_first() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        CyclicBarrier start = new CyclicBarrier(2);
        int offersFirst = 0;
        int restrictionsFirst = 0;
        for (int round = 0; round < ROUNDS; round++) {
            UUID signup = UUID.randomUUID();
            SlotReference slot = hold(signup).slot();
            int lag = round % 64;
            Future<OfferOutcome> offering = two.submit(() -> {
                start.await();
                spin(lag);
                return now(router.offer(() -> true, slot, signup, 0, FJORD));
            });
            Future<RestrictOutcome> restricting = two.submit(() -> {
                start.await();
                spin(64 - lag);
                return now(ingest.restrict(slot, signup));
            });
            SlotView after;
            if (offering.get() instanceof OfferOutcome.Offered) {
                offersFirst++;
                after = ((RestrictOutcome.HandoffStarted) restricting.get()).view();
                assertThat(after.attempt())
                        .as("round %d: the restriction knows of the offer", round)
                        .isEqualTo(1);
                assertThat(after.broker()).isEqualTo(FJORD);
            } else {
                restrictionsFirst++;
                assertThat(offering.get()).isInstanceOf(OfferOutcome.Restricted.class);
                after = ((RestrictOutcome.Restricted) restricting.get()).view();
                assertThat(after.attempt())
                        .as("round %d: nothing was offered", round)
                        .isZero();
            }
            assertThat(awaited(router.read(slot))).contains(after);
            assertThat(now(router.offer(() -> true, slot, signup, after.attempt(), FJORD)))
                    .isInstanceOf(OfferOutcome.Restricted.class);
            now(ingest.erase(slot, signup, EraseReason.WITHDRAWN));
            assertThat(awaited(ingest.free(slot, signup))).isTrue();
        }
        two.shutdown();
        assertThat(offersFirst).isPositive();
        assertThat(restrictionsFirst).isPositive();
    }

    @Test
    void restrictions_lifts_and_erasures_at_once_leave_the_slot_as_the_last_of_them_says() throws Exception {
        ExecutorService three = Executors.newFixedThreadPool(3);
        for (int round = 0; round < 500; round++) {
            UUID signup = UUID.randomUUID();
            SlotReference slot = hold(signup).slot();
            CyclicBarrier start = new CyclicBarrier(3);
            boolean erases = round % 2 == 0;
            Future<RestrictOutcome> restricting = three.submit(() -> {
                start.await();
                return now(ingest.restrict(slot, signup));
            });
            Future<LiftOutcome> lifting = three.submit(() -> {
                start.await();
                return now(router.lift(slot, signup));
            });
            Future<Object> third = three.submit(() -> {
                start.await();
                return erases
                        ? now(router.erase(slot, signup, EraseReason.WITHDRAWN))
                        : now(router.offer(() -> true, slot, signup, 0, FJORD));
            });
            RestrictOutcome restricted = restricting.get();
            LiftOutcome lifted = lifting.get();
            Object thirdOutcome = third.get();
            SlotView view = awaited(router.read(slot)).orElseThrow();
            if (erases) {
                assertThat(thirdOutcome).isInstanceOf(EraseOutcome.Erased.class);
                assertThat(view.state()).isEqualTo(SlotState.ERASED);
                assertThat(awaited(ingest.key(slot, signup))).isEmpty();
            } else {
                assertThat(view.restricted())
                        .as("round %d: %s, %s", round, restricted, lifted)
                        .isEqualTo(lifted instanceof LiftOutcome.NotRestricted);
                assertThat(view.attempt()).isEqualTo(thirdOutcome instanceof OfferOutcome.Offered ? 1 : 0);
                now(ingest.erase(slot, signup, EraseReason.WITHDRAWN));
            }
            assertThat(awaited(ingest.free(slot, signup))).isTrue();
        }
        three.shutdown();
    }
}
