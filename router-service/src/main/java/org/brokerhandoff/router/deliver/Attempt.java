package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.event.RefusalReason;
import org.brokerhandoff.router.domain.Assignment;

/** What one try at delivering came to, with what follows from it. */
public sealed interface Attempt {
    /**
     * The broker accepted or refused.
     *
     * @param number number of the attempt for this signup, over all brokers, from 1
     * @param startedAt when it started
     * @param endedAt when it ended
     * @param outcome {@link NextMove.Accepted} or {@link NextMove.Refused}
     */
    record Decided(int number, Instant startedAt, Instant endedAt, NextMove outcome) implements Attempt {
        /**
         * What a broker's answer to the question decides. It is about an attempt of before, and so is its start: an attempt belongs to the
         * opening hours and the places of when it was made, not of when its outcome was found out. When that was may not have been recorded.
         * It was not before the assignment, when the broker was open and the signup had its place.
         */
        public static Decided of(int number, Assignment assignment, Reconciliation said, ReconciliationAnswer answer) {
            NextMove outcome = answer == ReconciliationAnswer.ACCEPTED
                    ? new NextMove.Accepted(true, said.status())
                    : new NextMove.Refused(RefusalReason.REJECTED, said.status());
            return new Decided(number, assignment.decidedAt(), said.answeredAt(), outcome);
        }
    }

    /** The same broker is to be asked again after {@code delay}. */
    record Again(Duration delay) implements Attempt {}

    /**
     * The broker is not to be asked again soon.
     *
     * @param notBefore until when it asked to be left alone
     */
    record Park(ParkingReason reason, Optional<Instant> notBefore) implements Attempt {}

    /** There is no time left for another attempt. */
    record OutOfTime() implements Attempt {}

    /** The broker's hours or the window of its place are over, or the directory has changed: it has to be looked at again. */
    record OutOfWindow() implements Attempt {}

    /** Custody has refused the attempt: the key was withdrawn or has expired, or the slot is not as it was read. It has to be read again. */
    record SlotChanged() implements Attempt {}

    /** The partition has gone to another router before the attempt began. */
    record PartitionGone() implements Attempt {}

    /** The seal does not open. */
    record Unopenable() implements Attempt {}

    /** What follows where custody did not make the offer. */
    static Attempt withoutOffer(OfferOutcome outcome) {
        if (outcome instanceof OfferOutcome.Restricted) {
            return new Park(ParkingReason.RESTRICTED, Optional.empty());
        }
        return outcome instanceof OfferOutcome.NotOwner ? new PartitionGone() : new SlotChanged();
    }
}
