package org.brokerhandoff.custody.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CustodyUsage;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LiftOutcome;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.ProlongOutcome;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation of custody does: two processes with one custody, as callers see it. */
abstract class KeyCustodyContract {
    private static final BrokerTag FJORD = BrokerTag.of("fjord-markets");
    private static final BrokerTag NORDLYS = BrokerTag.of("nordlys-invest");
    private static final Ownership OWNER = () -> true;
    private static final Ownership NO_OWNER = () -> false;

    /** Of this test's processes; the hosts of cells have the real time. */
    private volatile Instant time = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);

    final InstantSource clock = () -> time;
    final Instant expiry = time.plusSeconds(3600);
    final UUID id = UUID.randomUUID();
    KeyCustody ingest;
    KeyCustody router;

    /** A process that has the custody. */
    abstract KeyCustody opened() throws Exception;

    @BeforeEach
    void openBoth() throws Exception {
        ingest = opened();
        router = opened();
    }

    @AfterEach
    void closeBoth() {
        if (router != null) {
            ingest.close();
            router.close();
        }
    }

    HoldOutcome.Held hold(UUID signupId) {
        return (HoldOutcome.Held) awaited(ingest.hold(signupId, expiry));
    }

    SlotView view(SlotReference slot) {
        return awaited(router.read(slot)).orElseThrow();
    }

    private static byte[] bytes(Optional<DataKey> key) {
        return key.orElseThrow().getEncoded();
    }

    private OfferOutcome offer(SlotReference slot, int attempts, BrokerTag broker) {
        return awaited(router.offer(OWNER, slot, id, attempts, broker));
    }

    @Test
    void a_held_key_is_there_for_the_other_process_and_for_no_other_signup() {
        HoldOutcome.Held held = hold(id);
        assertThat(bytes(awaited(router.key(held.slot(), id))))
                .isEqualTo(held.key().getEncoded());
        assertThat(bytes(awaited(router.heldKey(held.slot(), id))))
                .isEqualTo(held.key().getEncoded());
        assertThat(awaited(router.key(held.slot(), UUID.randomUUID()))).isEmpty();
        assertThat(awaited(router.heldKey(held.slot(), UUID.randomUUID()))).isEmpty();
        assertThat(view(held.slot()))
                .isEqualTo(new SlotView(
                        held.slot(),
                        SlotState.HELD,
                        Optional.empty(),
                        BrokerTag.NONE,
                        0,
                        id,
                        expiry,
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false,
                        Optional.empty()));
        assertThat(awaited(router.find(id))).contains(view(held.slot()));
        assertThat(awaited(router.find(UUID.randomUUID()))).isEmpty();
    }

    @Test
    void each_offer_is_counted_and_only_the_owner_who_knows_of_all_of_them_makes_one() {
        SlotReference slot = hold(id).slot();
        assertThat(awaited(router.offer(NO_OWNER, slot, id, 0, FJORD))).isEqualTo(new OfferOutcome.NotOwner());
        assertThat(offer(slot, 0, FJORD)).isEqualTo(new OfferOutcome.Offered(1));
        assertThat(view(slot).state()).isEqualTo(SlotState.OFFERED);
        assertThat(offer(slot, 0, NORDLYS)).isEqualTo(new OfferOutcome.Changed());
        assertThat(offer(slot, 1, FJORD)).isEqualTo(new OfferOutcome.Offered(2));
        assertThat(offer(slot, 2, NORDLYS)).isEqualTo(new OfferOutcome.Offered(3));
        assertThat(view(slot).broker()).isEqualTo(NORDLYS);
        assertThat(awaited(router.key(slot, id))).isPresent();
        assertThat(awaited(router.heldKey(slot, id))).as("held no more").isEmpty();
        assertThatThrownBy(() -> router.offer(OWNER, slot, id, 3, BrokerTag.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_erased_key_is_gone_and_its_slot_tells_the_story_until_it_is_freed() {
        SlotReference slot = hold(id).slot();
        offer(slot, 0, FJORD);
        EraseOutcome.Erased erased = (EraseOutcome.Erased) awaited(router.erase(slot, id, EraseReason.DELIVERED));
        assertThat(erased.view()).isEqualTo(view(slot));
        assertThat(erased.view().state()).isEqualTo(SlotState.ERASED);
        assertThat(erased.view().reason()).contains(EraseReason.DELIVERED);
        assertThat(erased.view().broker()).isEqualTo(FJORD);
        assertThat(erased.view().attempt()).isEqualTo(1);
        assertThat(erased.view().erasedAt()).contains(clock.instant());
        assertThat(awaited(ingest.erase(slot, id, EraseReason.WITHDRAWN)))
                .isEqualTo(new EraseOutcome.AlreadyErased(erased.view()));
        assertThat(awaited(ingest.key(slot, id))).isEmpty();
        assertThat(offer(slot, 1, FJORD)).isEqualTo(new OfferOutcome.Erased(erased.view()));
        assertThat(awaited(ingest.erased())).contains(erased.view());
        assertThat(awaited(router.free(slot, UUID.randomUUID()))).isFalse();
        assertThat(awaited(router.free(slot, id))).isTrue();
        assertThat(awaited(ingest.free(slot, id))).isFalse();
        assertGone(slot);
    }

    private void assertGone(SlotReference slot) {
        assertThat(awaited(router.read(slot)).filter(found -> found.signupId().equals(id)))
                .isEmpty();
        assertThat(awaited(ingest.key(slot, id))).isEmpty();
        assertThat(awaited(ingest.heldKey(slot, id))).isEmpty();
        assertThat(awaited(ingest.find(id))).isEmpty();
        assertThat(offer(slot, 0, FJORD)).isEqualTo(new OfferOutcome.Gone());
        assertThat(awaited(ingest.restrict(slot, id))).isEqualTo(new RestrictOutcome.Gone());
        assertThat(awaited(ingest.lift(slot, id))).isEqualTo(new LiftOutcome.Gone());
        assertThat(awaited(ingest.prolong(slot, id, expiry.plusSeconds(9)))).isEqualTo(new ProlongOutcome.Gone());
        assertThat(awaited(ingest.erase(slot, id, EraseReason.INVALID))).isEqualTo(new EraseOutcome.Gone());
        var unused = awaited(ingest.position(slot, id, LogPosition.inSignups(1, 1)));
        var noted = awaited(ingest.recorded(slot, id));
        assertThat(noted).isNotEqualTo(true);
        assertThat(awaited(ingest.free(slot, id))).isFalse();
    }

    @Test
    void a_reference_that_was_never_given_finds_nothing() {
        assertGone(new SlotReference(31, 900));
    }

    @Test
    void calls_for_another_signup_change_nothing() {
        SlotReference slot = hold(UUID.randomUUID()).slot();
        SlotView before = view(slot);
        assertGone(slot);
        assertThat(view(slot)).isEqualTo(before);
    }

    @Test
    void a_key_that_is_erased_before_any_offer_is_offered_to_nobody() {
        SlotReference slot = hold(id).slot();
        EraseOutcome.Erased erased = (EraseOutcome.Erased) awaited(ingest.erase(slot, id, EraseReason.WITHDRAWN));
        assertThat(erased.view().attempt()).isZero();
        assertThat(erased.view().broker()).isEqualTo(BrokerTag.NONE);
        assertThat(offer(slot, 0, FJORD)).isEqualTo(new OfferOutcome.Erased(erased.view()));
    }

    @Test
    void an_offer_and_an_erasure_of_one_moment_have_an_order_that_both_are_told() {
        List<UUID> ids = new ArrayList<>();
        List<CompletionStage<OfferOutcome>> offers = new ArrayList<>();
        List<CompletionStage<EraseOutcome>> erasures = new ArrayList<>();
        for (int race = 0; race < 20; race++) {
            UUID racing = UUID.randomUUID();
            SlotReference slot = hold(racing).slot();
            ids.add(racing);
            if (race % 2 == 0) {
                erasures.add(ingest.erase(slot, racing, EraseReason.WITHDRAWN));
                offers.add(router.offer(OWNER, slot, racing, 0, FJORD));
            } else {
                offers.add(router.offer(OWNER, slot, racing, 0, FJORD));
                erasures.add(ingest.erase(slot, racing, EraseReason.WITHDRAWN));
            }
        }
        for (int race = 0; race < ids.size(); race++) {
            boolean offered = awaited(offers.get(race)) instanceof OfferOutcome.Offered;
            EraseOutcome.Erased erased = (EraseOutcome.Erased) awaited(erasures.get(race));
            assertThat(erased.view().attempt()).isEqualTo(offered ? 1 : 0);
        }
    }

    @Test
    void a_restricted_key_is_not_offered_until_that_is_lifted() {
        SlotReference slot = hold(id).slot();
        RestrictOutcome.Restricted restricted = (RestrictOutcome.Restricted) awaited(ingest.restrict(slot, id));
        assertThat(restricted.view()).isEqualTo(view(slot));
        assertThat(restricted.view().state()).isEqualTo(SlotState.HELD);
        assertThat(restricted.view().restricted()).isTrue();
        assertThat(awaited(ingest.restrict(slot, id)))
                .isEqualTo(new RestrictOutcome.AlreadyRestricted(restricted.view()));
        assertThat(offer(slot, 0, FJORD)).isEqualTo(new OfferOutcome.Restricted(restricted.view()));
        assertThat(awaited(ingest.usage()).restricted()).isPositive();
        assertThat(awaited(ingest.lift(slot, id))).isInstanceOf(LiftOutcome.Lifted.class);
        assertThat(awaited(ingest.lift(slot, id))).isInstanceOf(LiftOutcome.NotRestricted.class);
        assertThat(offer(slot, 0, FJORD)).isEqualTo(new OfferOutcome.Offered(1));
        assertThat(awaited(ingest.restrict(slot, id))).isInstanceOf(RestrictOutcome.HandoffStarted.class);
        assertThat(offer(slot, 1, FJORD)).isInstanceOf(OfferOutcome.Restricted.class);
        assertThat(awaited(router.erase(slot, id, EraseReason.WITHDRAWN))).isInstanceOf(EraseOutcome.Erased.class);
        assertThat(view(slot).restricted()).isFalse();
        assertThat(awaited(ingest.restrict(slot, id))).isInstanceOf(RestrictOutcome.AlreadyErased.class);
        assertThat(awaited(ingest.lift(slot, id))).isInstanceOf(LiftOutcome.AlreadyErased.class);
    }

    @Test
    void a_sweep_ends_the_keys_whose_time_has_come_and_no_others() {
        SlotReference slot = hold(id).slot();
        UUID withdrawn = UUID.randomUUID();
        SlotReference other = hold(withdrawn).slot();
        awaited(ingest.erase(other, withdrawn, EraseReason.WITHDRAWN));
        router.sweep(expiry.minusSeconds(1));
        assertThat(view(slot).state()).isEqualTo(SlotState.HELD);
        assertThat(router.sweep(expiry).expired()).isPositive();
        assertThat(view(slot).state()).isEqualTo(SlotState.ERASED);
        assertThat(view(slot).reason()).contains(EraseReason.EXPIRED);
        assertThat(view(other).reason()).contains(EraseReason.WITHDRAWN);
        assertThat(router.sweep(expiry).expired()).isZero();
    }

    @Test
    void a_prolonged_key_ends_later_and_all_else_finds_it_as_any() {
        SlotReference slot = hold(id).slot();
        Instant until = expiry.plusSeconds(600);
        ProlongOutcome.Prolonged prolonged =
                (ProlongOutcome.Prolonged) awaited(ingest.prolong(slot, id, until.plusMillis(300)));
        assertThat(prolonged.view()).isEqualTo(view(slot));
        assertThat(prolonged.view().prolongedTo()).contains(until);
        assertThat(awaited(ingest.usage()).prolonged()).isPositive();
        time = expiry.plusSeconds(1);
        router.sweep(clock.instant());
        assertThat(awaited(router.erase(slot, id, EraseReason.EXPIRED)))
                .isEqualTo(new EraseOutcome.Prolonged(prolonged.view()));
        assertThat(offer(slot, 0, FJORD)).isEqualTo(new OfferOutcome.Offered(1));
        assertThat(awaited(router.key(slot, id))).isPresent();
        assertThat(awaited(ingest.prolong(slot, id, Instant.EPOCH))).isInstanceOf(ProlongOutcome.Prolonged.class);
        assertThat(awaited(ingest.prolong(slot, id, until))).isInstanceOf(ProlongOutcome.Due.class);
        router.sweep(clock.instant());
        assertThat(view(slot).state()).isEqualTo(SlotState.ERASED);
        assertThat(view(slot).prolongedTo()).isEmpty();
        assertThat(awaited(ingest.prolong(slot, id, until))).isInstanceOf(ProlongOutcome.AlreadyErased.class);
        assertThatThrownBy(() -> ingest.prolong(slot, id, Instant.parse("2200-01-01T00:00:00Z")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_newest_position_and_the_note_of_a_withdrawal_outlive_the_key() {
        SlotReference slot = hold(id).slot();
        for (LogPosition position : List.of(
                LogPosition.inSignups(3, 42),
                LogPosition.inSignups(3, 41),
                LogPosition.inParked(3, 7),
                LogPosition.inSignups(3, 99))) {
            var unused = awaited(ingest.position(slot, id, position));
        }
        assertThat(view(slot).position()).contains(LogPosition.inParked(3, 7));
        awaited(ingest.erase(slot, id, EraseReason.WITHDRAWN));
        assertThat(view(slot).recorded()).isFalse();
        var unused = awaited(ingest.recorded(slot, id));
        assertThat(view(slot).recorded()).isTrue();
        assertThat(view(slot).position()).contains(LogPosition.inParked(3, 7));
    }

    @Test
    void of_two_holds_of_a_signup_the_live_one_is_found() {
        SlotReference first = hold(id).slot();
        SlotReference second = hold(id).slot();
        awaited(ingest.erase(first, id, EraseReason.EXPIRED));
        assertThat(awaited(router.find(id)).map(SlotView::reference)).contains(second);
        awaited(ingest.erase(second, id, EraseReason.EXPIRED));
        assertThat(awaited(router.free(first, id))).isTrue();
        assertThat(awaited(router.find(id)).map(SlotView::reference)).contains(second);
    }

    @Test
    void the_count_has_keys_and_what_waits_for_its_purge() {
        CustodyUsage before = awaited(ingest.usage());
        hold(UUID.randomUUID());
        awaited(ingest.erase(hold(id).slot(), id, EraseReason.UNDELIVERABLE));
        CustodyUsage after = awaited(ingest.usage());
        assertThat(after.live() - before.live()).isEqualTo(1);
        assertThat(after.erased() - before.erased()).isEqualTo(1);
        assertThat(after.changesSynced()).isPositive();
        assertThat(after.failed()).isFalse();
    }

    @Test
    void a_closed_custody_says_so() throws Exception {
        SlotReference slot = hold(id).slot();
        KeyCustody closed = opened();
        closed.close();
        assertThat(closed.erase(slot, id, EraseReason.WITHDRAWN)).failsWithin(Duration.ofSeconds(30));
    }
}
