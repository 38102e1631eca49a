package org.brokerhandoff.custody.time;

import java.time.Duration;

/** What is thought of the host's wall clock. */
public sealed interface ClockVerdict {
    /** How far the wall clock is ahead of trusted time; negative: behind. */
    Duration difference();

    /** Name for people, metrics and events. */
    String code();

    /** It runs as the boot clock does. Time is followed, slowly where they differ a little. */
    record Agrees(Duration difference) implements ClockVerdict {
        @Override
        public String code() {
            return "clock-agrees";
        }
    }

    /**
     * It went ahead by more than has passed on the boot clock. Trusted time runs on with the boot clock.
     *
     * @param since the last reading of the boot clock before
     */
    record SteppedAhead(Duration difference, Duration since) implements ClockVerdict {
        @Override
        public String code() {
            return "clock-stepped-ahead";
        }
    }

    /** It went back; as {@link SteppedAhead}. */
    record SteppedBack(Duration difference, Duration since) implements ClockVerdict {
        @Override
        public String code() {
            return "clock-stepped-back";
        }
    }

    /**
     * Nothing that runs on by itself connects it with the last trusted time. Trusted time is a lower bound: that time, and what has passed
     * on the boot clock since this process started.
     */
    record Unconfirmed(Reason reason, Duration difference, Duration since) implements ClockVerdict {
        @Override
        public String code() {
            return "clock-unconfirmed";
        }
    }

    /** Why a clock is unconfirmed. */
    enum Reason {
        /** No trusted time was ever written down here: nothing may be destroyed for its age. */
        NO_MARK,
        /** The host was restarted since, or its boot clock is this process's own. */
        HOST_RESTARTED,
        /** Two processes of this host trust times that differ. */
        PROCESSES_DISAGREE
    }
}
