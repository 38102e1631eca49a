package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.now;
import static org.brokerhandoff.custody.SlotBytes.hex;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SlotRestrictionTest extends SlotRestrictions {
    @Test
    void a_restricted_slot_is_offered_to_no_broker_until_the_restriction_is_lifted() {
        HoldOutcome.Held held = hold(id);
        SlotReference slot = held.slot();
        SlotView restricted = ((RestrictOutcome.Restricted) now(ingest.restrict(slot, id))).view();
        assertThat(restricted.state()).isEqualTo(SlotState.HELD);
        assertThat(restricted.restricted()).isTrue();
        assertThat(restricted.attempt()).isZero();
        assertThat(awaited(router.read(slot))).contains(restricted);
        assertThat(awaited(router.find(id))).contains(restricted);
        for (BrokerTag broker : new BrokerTag[] {FJORD, NORDLYS}) {
            assertThat(offer(slot, 0, broker)).isEqualTo(new OfferOutcome.Restricted(restricted));
        }
        assertThat(now(router.restrict(slot, id))).isEqualTo(new RestrictOutcome.AlreadyRestricted(restricted));
        assertThat(hex(awaited(router.key(slot, id)).orElseThrow())).isEqualTo(hex(held.key()));
        assertThat(hex(now(router.heldKey(slot, id)).orElseThrow())).isEqualTo(hex(held.key()));
        assertThat(awaited(router.usage()).live()).isEqualTo(1);

        SlotView lifted = ((LiftOutcome.Lifted) now(ingest.lift(slot, id))).view();
        assertThat(lifted.restricted()).isFalse();
        assertThat(awaited(router.read(slot))).contains(lifted);
        assertThat(now(router.lift(slot, id))).isEqualTo(new LiftOutcome.NotRestricted(lifted));
        assertThat(offer(slot, 0, FJORD)).isEqualTo(new OfferOutcome.Offered(1));
    }

    @Test
    void a_slot_that_was_offered_says_so_and_allows_no_further_attempt_by_any_broker() {
        SlotReference slot = hold(id).slot();
        offer(slot, 0, FJORD);
        SlotView started = ((RestrictOutcome.HandoffStarted) now(ingest.restrict(slot, id))).view();
        assertThat(started.state()).isEqualTo(SlotState.OFFERED);
        assertThat(started.restricted()).isTrue();
        assertThat(started.broker()).isEqualTo(FJORD);
        assertThat(started.attempt()).isEqualTo(1);
        assertThat(now(router.restrict(slot, id))).isEqualTo(new RestrictOutcome.HandoffStarted(started));
        assertThat(offer(slot, 1, FJORD)).isEqualTo(new OfferOutcome.Restricted(started));
        assertThat(offer(slot, 1, NORDLYS)).isEqualTo(new OfferOutcome.Restricted(started));
        assertThat(offer(slot, 0, NORDLYS)).as("the caller plans again").isEqualTo(new OfferOutcome.Changed());
        assertThat(awaited(router.key(slot, id))).isPresent();

        assertThat(now(router.lift(slot, id))).isInstanceOf(LiftOutcome.Lifted.class);
        assertThat(offer(slot, 1, NORDLYS)).isEqualTo(new OfferOutcome.Offered(2));
    }

    @Test
    void a_restricted_slot_is_erased_and_expires_as_any_and_the_next_one_in_it_is_not_restricted() {
        for (boolean offered : new boolean[] {false, true}) {
            for (boolean expires : new boolean[] {false, true}) {
                UUID signup = UUID.randomUUID();
                SlotReference slot = hold(signup).slot();
                if (offered) {
                    now(router.offer(() -> true, slot, signup, 0, FJORD));
                }
                now(ingest.restrict(slot, signup));
                assertThat(awaited(ingest.free(slot, signup))).isFalse();
                if (expires) {
                    assertThat(router.sweep(EXPIRY.minusMillis(1)).expired()).isZero();
                    assertThat(router.sweep(EXPIRY)).isEqualTo(new SweepResult(1, 0, 0, 0));
                } else {
                    assertThat(now(ingest.erase(slot, signup, EraseReason.WITHDRAWN)))
                            .isInstanceOf(EraseOutcome.Erased.class);
                }
                SlotView erased = awaited(router.read(slot)).orElseThrow();
                assertThat(erased.state()).isEqualTo(SlotState.ERASED);
                assertThat(erased.reason()).contains(expires ? EraseReason.EXPIRED : EraseReason.WITHDRAWN);
                assertThat(erased.attempt()).isEqualTo(offered ? 1 : 0);
                assertThat(erased.restricted()).isFalse();
                assertThat(awaited(ingest.key(slot, signup))).isEmpty();
                assertThat(now(ingest.restrict(slot, signup))).isEqualTo(new RestrictOutcome.AlreadyErased(erased));
                assertThat(now(ingest.lift(slot, signup))).isEqualTo(new LiftOutcome.AlreadyErased(erased));
                assertThat(awaited(ingest.free(slot, signup))).isTrue();
                assertThat(now(ingest.restrict(slot, signup))).isEqualTo(new RestrictOutcome.Gone());

                SlotReference next = new SlotReference(slot.slot(), slot.generation() + 1);
                UUID other = UUID.randomUUID();
                for (SlotReference given = hold(other).slot(); !given.equals(next); ) {
                    now(ingest.erase(given, other, EraseReason.WITHDRAWN));
                    assertThat(awaited(ingest.free(given, other))).isTrue();
                    other = UUID.randomUUID();
                    given = hold(other).slot();
                }
                assertThat(now(ingest.restrict(slot, signup))).isEqualTo(new RestrictOutcome.Gone());
                assertThat(now(ingest.lift(slot, signup))).isEqualTo(new LiftOutcome.Gone());
                assertThat(now(ingest.restrict(next, signup))).isEqualTo(new RestrictOutcome.Gone());
                assertThat(now(router.offer(() -> true, next, other, 0, FJORD))).isEqualTo(new OfferOutcome.Offered(1));
                now(ingest.erase(next, other, EraseReason.WITHDRAWN));
            }
        }
        assertThat(now(ingest.restrict(new SlotReference(1_000_000, 1), id))).isEqualTo(new RestrictOutcome.Gone());
        assertThat(now(ingest.lift(new SlotReference(1_000_000, 1), id))).isEqualTo(new LiftOutcome.Gone());
    }

    @Test
    void notes_of_the_log_go_into_a_restricted_slot_and_leave_it_restricted() {
        SlotReference slot = hold(id).slot();
        now(ingest.restrict(slot, id));
        awaited(router.position(slot, id, LogPosition.inParked(3, 42)));
        awaited(router.recorded(slot, id));
        SlotView view = awaited(router.read(slot)).orElseThrow();
        assertThat(view.restricted()).isTrue();
        assertThat(view.position()).contains(LogPosition.inParked(3, 42));
        assertThat(((LiftOutcome.Lifted) now(ingest.lift(slot, id))).view().recorded())
                .isTrue();
    }

    @Test
    void who_does_not_own_the_partition_learns_nothing_of_a_restriction() {
        SlotReference slot = hold(id).slot();
        now(ingest.restrict(slot, id));
        assertThat(now(router.offer(() -> false, slot, id, 0, FJORD))).isEqualTo(new OfferOutcome.NotOwner());
    }

    @Test
    void a_restricted_slot_whose_checksum_is_wrong_says_nothing_and_is_destroyed() throws IOException {
        SlotReference slot = hold(id).slot();
        now(ingest.restrict(slot, id));
        long at = SlotLayout.fileOffset(slot.slot()) + SlotLayout.CHECKSUM;
        raw.write(at, new byte[] {(byte) (raw.read(at, 1)[0] ^ 1)});
        assertThat(awaited(router.read(slot))).isEmpty();
        assertThat(awaited(router.key(slot, id))).isEmpty();
        assertThat(now(router.restrict(slot, id))).isEqualTo(new RestrictOutcome.Gone());
        assertThat(now(router.lift(slot, id))).isEqualTo(new LiftOutcome.Gone());
        assertThat(offer(slot, 0, FJORD)).isEqualTo(new OfferOutcome.Gone());
        assertThat(router.sweep(NOW)).isEqualTo(new SweepResult(0, 0, 0, 1));
    }

    @Test
    void restrictions_and_lifts_are_synced_also_those_that_find_it_so() {
        SlotReference slot = hold(id).slot();
        long syncs = awaited(ingest.usage()).syncs();
        now(ingest.restrict(slot, id));
        now(ingest.restrict(slot, id));
        now(ingest.lift(slot, id));
        now(ingest.lift(slot, id));
        offer(slot, 0, FJORD);
        now(ingest.restrict(slot, id));
        assertThat(awaited(ingest.usage()).syncs()).isEqualTo(syncs + 5);
        assertThat(awaited(ingest.usage()).changesSynced()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void nothing_is_answered_where_the_sync_fails_and_no_attempt_follows() {
        SlotReference slot = hold(id).slot();
        AtomicBoolean failing = new AtomicBoolean(true);
        SlotFile.Parts broken = new SlotFile.Parts(
                () -> {
                    if (failing.get()) {
                        throw new IOException("Input/output error");
                    }
                },
                FaultPoints.NONE);
        try (SlotFile third = open(broken)) {
            var unused = third.serveKeysAfter((signups, mark, handler) -> {}, HOUR);
            assertThatThrownBy(
                            () -> third.restrict(slot, id).toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CustodyException.class);
            assertThatThrownBy(() -> third.lift(slot, id).toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CustodyException.class);
        }
        assertThat(awaited(router.read(slot)).orElseThrow().restricted()).isTrue();
        assertThat(offer(slot, 0, FJORD)).isInstanceOf(OfferOutcome.Restricted.class);
        assertThat(now(router.restrict(slot, id))).isInstanceOf(RestrictOutcome.AlreadyRestricted.class);
    }
}
