package org.brokerhandoff.router.deliver;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.RefusalReason;
import org.brokerhandoff.event.SuspensionReason;

/** What follows from an attempt. */
public sealed interface NextMove {
    /** The broker gets nothing for a while, for this reason. */
    default Optional<SuspensionReason> suspends() {
        return Optional.empty();
    }

    /**
     * The broker has the signup.
     *
     * @param duplicate whether it had it before this attempt
     * @param status the HTTP status
     */
    record Accepted(boolean duplicate, int status) implements NextMove {}

    /**
     * The broker does not take the signup, and has not kept it: the next broker may be asked.
     *
     * @param status the HTTP status
     */
    record Refused(RefusalReason reason, int status) implements NextMove {
        @Override
        public Optional<SuspensionReason> suspends() {
            return reason == RefusalReason.GONE ? Optional.of(SuspensionReason.GONE) : Optional.empty();
        }
    }

    /** What the attempt is recorded as, if the broker has neither accepted nor refused. */
    sealed interface Undecided extends NextMove {
        /** How it ended. */
        AttemptOutcome recorded();

        /** The HTTP status, if one arrived. */
        OptionalInt status();
    }

    /** The broker did not take it now: the same broker is asked again. */
    record RetryAt(Instant at, AttemptOutcome recorded, OptionalInt status) implements Undecided {}

    /** The broker may have it: it is asked whether it has, and sent it again if it has not. Never another. */
    record Reconcile(Instant at, OptionalInt status) implements Undecided {
        @Override
        public AttemptOutcome recorded() {
            return AttemptOutcome.UNKNOWN;
        }
    }

    /**
     * Not soon: the signup waits apart from the others.
     *
     * @param notBefore until when the broker asked to be left alone
     */
    record Park(ParkingReason reason, Optional<Instant> notBefore, AttemptOutcome recorded, OptionalInt status)
            implements Undecided {}

    /** The broker is at fault, and not this signup, which waits apart from the others. */
    record StopBroker(SuspensionReason reason, AttemptOutcome recorded, OptionalInt status) implements Undecided {
        @Override
        public Optional<SuspensionReason> suspends() {
            return Optional.of(reason);
        }
    }
}
