package org.brokerhandoff.custody.cells.rules;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.LiftOutcome;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.ProlongOutcome;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.custody.SlotState;

/**
 * What becomes of a row by each command: the same answers as the slot file's.
 *
 * <pre>
 *         restrict, lift, prolong  restrict, lift, prolong
 *                   ┌─┐                  ┌─┐
 *                   │ ▼      offer       │ ▼
 *   held ────────▶ HELD ─────────────▶ OFFERED ◀─┐ offer
 *                   │                    │  └─────┘
 *                   └─────── erase ──────┤
 *                                        ▼
 *                                     ERASING ────▶ ERASED ────▶ no row
 *                                          two cells        free
 *                                          say zero
 * </pre>
 *
 * <p>An empty row is one that is gone, or another signup's.
 */
public final class RowRules {
    /** More attempts are counted as this many, as in a slot file. */
    private static final int MAXIMUM_ATTEMPT = 255;

    private RowRules() {}

    /**
     * As {@code KeyCustody.offer}.
     *
     * @param owner whether the caller owns the signup's partition
     * @param attempts how many offers the caller knows of
     */
    public static Decision<OfferOutcome> offer(
            Optional<CustodyRow> found, boolean owner, int attempts, BrokerTag broker) {
        if (broker.equals(BrokerTag.NONE)) {
            throw new IllegalArgumentException("an offer names a broker");
        }
        if (found.isEmpty()) {
            return Decision.keep(new OfferOutcome.Gone());
        }
        CustodyRow row = found.get();
        if (!row.live()) {
            return Decision.keep(new OfferOutcome.Erased(row.view()));
        } else if (!owner) {
            return Decision.keep(new OfferOutcome.NotOwner());
        } else if (row.attempt() != attempts) {
            return Decision.keep(new OfferOutcome.Changed());
        } else if (row.restricted()) {
            return Decision.keep(new OfferOutcome.Restricted(row.view()));
        }
        int next = Math.min(row.attempt() + 1, MAXIMUM_ATTEMPT);
        return Decision.write(new OfferOutcome.Offered(next), row.offered(broker, next));
    }

    /** As {@code KeyCustody.restrict}. */
    public static Decision<RestrictOutcome> restrict(Optional<CustodyRow> found) {
        if (found.isEmpty()) {
            return Decision.keep(new RestrictOutcome.Gone());
        }
        CustodyRow row = found.get();
        if (!row.live()) {
            return Decision.keep(new RestrictOutcome.AlreadyErased(row.view()));
        }
        CustodyRow next = row.restricted(true);
        if (row.attempt() > 0) {
            return Decision.write(new RestrictOutcome.HandoffStarted(next.view()), next);
        }
        return Decision.write(
                row.restricted()
                        ? new RestrictOutcome.AlreadyRestricted(next.view())
                        : new RestrictOutcome.Restricted(next.view()),
                next);
    }

    /** As {@code KeyCustody.lift}. */
    public static Decision<LiftOutcome> lift(Optional<CustodyRow> found) {
        if (found.isEmpty()) {
            return Decision.keep(new LiftOutcome.Gone());
        }
        CustodyRow row = found.get();
        if (!row.live()) {
            return Decision.keep(new LiftOutcome.AlreadyErased(row.view()));
        }
        CustodyRow next = row.restricted(false);
        return Decision.write(
                row.restricted() ? new LiftOutcome.Lifted(next.view()) : new LiftOutcome.NotRestricted(next.view()),
                next);
    }

    /** The first half of {@code KeyCustody.heldKey}: the row, written again, if it is held. What was read need not be on the standby. */
    public static Decision<Optional<CustodyRow>> heldAgain(Optional<CustodyRow> found) {
        Optional<CustodyRow> held = found.filter(row -> row.state() == SlotState.HELD);
        return held.isPresent() ? Decision.write(held, held.get()) : Decision.keep(held);
    }

    /**
     * As {@code KeyCustody.prolong}, after the cells were told to keep the shares so long.
     *
     * @param until to the second
     */
    public static Decision<ProlongOutcome> prolong(Optional<CustodyRow> found, Instant until, Instant now) {
        if (found.isEmpty()) {
            return Decision.keep(new ProlongOutcome.Gone());
        }
        CustodyRow row = found.get();
        if (!row.live()) {
            return Decision.keep(new ProlongOutcome.AlreadyErased(row.view()));
        }
        Optional<Instant> to =
                Optional.of(until.truncatedTo(ChronoUnit.SECONDS)).filter(row.expiry()::isBefore);
        if (to.isPresent() && !now.isBefore(row.end())) {
            return Decision.keep(new ProlongOutcome.Due(row.view()));
        }
        CustodyRow next = row.prolonged(to);
        return Decision.write(new ProlongOutcome.Prolonged(next.view()), next);
    }

    /**
     * The beginning of {@code KeyCustody.erase}: the first reason stays.
     *
     * @param now whether a key has expired that is prolonged
     */
    public static Decision<EraseDecision> erase(Optional<CustodyRow> found, EraseReason reason, Instant now) {
        if (found.isEmpty()) {
            return Decision.keep(new EraseDecision.Ended(new EraseOutcome.Gone()));
        }
        CustodyRow row = found.get();
        if (row.state() == SlotState.ERASED) {
            return Decision.keep(new EraseDecision.Ended(new EraseOutcome.AlreadyErased(row.view())));
        } else if (row.state() == SlotState.ERASING) {
            // Written again: the commit of who decided it may have been cut short, and a cell is told only what the
            // standby has.
            return Decision.write(new EraseDecision.Destroy(row, false), row);
        }
        if (reason == EraseReason.EXPIRED
                && row.prolongedTo().filter(now::isBefore).isPresent()) {
            return Decision.keep(new EraseDecision.Ended(new EraseOutcome.Prolonged(row.view())));
        }
        CustodyRow erasing = row.erasing(reason);
        return Decision.write(new EraseDecision.Destroy(erasing, true), erasing);
    }

    /**
     * The beginning of the erasure of a key that two cells have lost; empty if it stays. One that a broker was offered stays: the broker may
     * have the data, and is asked until the key's end.
     */
    public static Decision<Optional<EraseDecision>> lost(Optional<CustodyRow> found, Instant now) {
        if (found.filter(row -> row.live() && row.attempt() == 0).isEmpty()) {
            return Decision.keep(Optional.empty());
        }
        Decision<EraseDecision> erasing = erase(found, EraseReason.LOST, now);
        return new Decision<>(Optional.of(erasing.outcome()), erasing.change());
    }

    /** What a sweep has to do for a row. */
    public static Sweeping sweeping(CustodyRow row, Instant now) {
        if (row.live()) {
            return now.isBefore(row.end()) ? Sweeping.NOTHING : Sweeping.EXPIRE;
        } else if (row.state() == SlotState.ERASING) {
            return Sweeping.FINISH;
        }
        return row.zeroed().equals(CellSet.ALL) ? Sweeping.NOTHING : Sweeping.DESTROY_AGAIN;
    }

    /** What a sweep does. */
    public enum Sweeping {
        /** Nothing is due. */
        NOTHING,
        /** The key's end has come. */
        EXPIRE,
        /** An erasure was begun, and is perhaps abandoned. */
        FINISH,
        /** The key is gone, and a cell that was away has its share still. */
        DESTROY_AGAIN
    }

    /**
     * Notes the cells that have overwritten their share; from two on the key is {@code ERASED}.
     *
     * @param by the starts of their engines
     * @return the row afterwards; empty if it is gone, which means that another caller has finished the erasure and the purge
     */
    public static Decision<Optional<CustodyRow>> zeroed(
            Optional<CustodyRow> found, CellSet cells, CellRuns by, Instant now) {
        if (found.isEmpty() || found.get().live()) {
            return Decision.keep(found);
        }
        CustodyRow noted = found.get().zeroed(cells, by);
        CustodyRow next = noted.state() == SlotState.ERASING && noted.zeroed().majority() ? noted.erased(now) : noted;
        return next.equals(found.get()) ? Decision.keep(found) : Decision.write(Optional.of(next), next);
    }

    /** As {@code KeyCustody.position}: ingest may be late, when the router has parked the record already that ingest tells of. */
    public static Decision<Boolean> position(Optional<CustodyRow> found, LogPosition position) {
        if (found.isEmpty()
                || found.get()
                        .position()
                        .filter(known -> !position.isNewerThan(known))
                        .isPresent()) {
            return Decision.keep(false);
        }
        CustodyRow row = found.get();
        return Decision.write(true, row.noted(Optional.of(position), row.recorded()));
    }

    /** As {@code KeyCustody.recorded}. */
    public static Decision<Boolean> recorded(Optional<CustodyRow> found) {
        return found.isEmpty() || found.get().recorded()
                ? Decision.keep(false)
                : Decision.write(true, found.get().noted(found.get().position(), true));
    }

    /** As {@code KeyCustody.free}. */
    public static Decision<Boolean> free(Optional<CustodyRow> found) {
        return found.isPresent() && found.get().state() == SlotState.ERASED
                ? new Decision<>(true, new RowChange.Delete())
                : Decision.keep(false);
    }
}
