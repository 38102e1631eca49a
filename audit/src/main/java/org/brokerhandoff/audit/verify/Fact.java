package org.brokerhandoff.audit.verify;

import java.util.List;
import java.util.Set;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What an event says about its signup, less what no rule asks for: a partition's signups have to fit into memory together.
 * Times are milliseconds since the epoch for the same reason.
 */
public sealed interface Fact {

    /** Two events with equal identities are the same fact, published again; see {@link org.brokerhandoff.schemas.EventId}. */
    Object identity();

    /** What repeats of the fact have to agree in. The rest may differ: a later publication may know more. */
    default Object substance() {
        return identity();
    }

    /** Whether this repeat adds nothing to {@code earlier}. */
    default boolean addsNothingTo(Fact earlier) {
        return equals(earlier);
    }

    /** A consent. */
    record Consent(
            String policyVersion,
            Digest noticeDigest,
            boolean coversHandoff,
            List<String> recipients,
            long givenAtMillis,
            long receivedAtMillis,
            long eraseByMillis)
            implements Fact {
        @Override
        public Object identity() {
            return "granted";
        }

        @Override
        public Object substance() {
            return List.of(
                    policyVersion, noticeDigest, coversHandoff, Set.copyOf(recipients), givenAtMillis, eraseByMillis);
        }
    }

    /** A withdrawal of the consent. */
    record Withdrawal(WithdrawalOutcome outcome, long withdrawnAtMillis) implements Fact {
        @Override
        public Object identity() {
            return "withdrawn";
        }

        @Override
        public Object substance() {
            return outcome;
        }
    }

    /** A broker was assigned. Which broker is the business of the rule on assignments, not of repeats. */
    record Assignment(long offset, int hop, String broker, Digest directory) implements Fact {
        @Override
        public Object identity() {
            return "assigned/" + hop;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Assignment other
                    && hop == other.hop
                    && broker.equals(other.broker)
                    && directory.equals(other.directory);
        }
    }

    /** Data went, or may have gone, to a broker. */
    sealed interface Contact extends Fact {
        /** Offset in {@code handoffs}. */
        long offset();

        /** To whom. */
        String broker();

        /** When the attempt started. */
        long startedAtMillis();

        /** The type of the event, for sentences. */
        String eventName();
    }

    /** An attempt that did not decide the matter. */
    record Attempt(long offset, String broker, int attempt, long startedAtMillis, AttemptOutcome outcome)
            implements Contact {
        @Override
        public Object identity() {
            return "attempt/" + broker + "/" + attempt + "/" + startedAtMillis;
        }

        @Override
        public Object substance() {
            return outcome;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Attempt
                    && identity().equals(earlier.identity())
                    && substance().equals(earlier.substance());
        }

        @Override
        public String eventName() {
            return "AttemptMade";
        }
    }

    /** The broker has it. That it is one broker is a rule of its own. */
    record Acceptance(long offset, String broker, long startedAtMillis) implements Contact {
        @Override
        public Object identity() {
            return "delivered";
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Acceptance other
                    && broker.equals(other.broker)
                    && startedAtMillis == other.startedAtMillis;
        }

        @Override
        public String eventName() {
            return "Delivered";
        }
    }

    /** The broker did not take it. */
    record Refusal(long offset, String broker, long startedAtMillis) implements Contact {
        @Override
        public Object identity() {
            return "refused/" + broker;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Refusal other
                    && broker.equals(other.broker)
                    && startedAtMillis == other.startedAtMillis;
        }

        @Override
        public String eventName() {
            return "Refused";
        }
    }

    /** It waited apart from the others: a purge has to cover the parked topic as well. */
    record Parking() implements Fact {
        @Override
        public Object identity() {
            return "parked";
        }
    }

    /** No broker can take it. */
    record Undeliverable(Digest directory) implements Fact {
        @Override
        public Object identity() {
            return "undeliverable";
        }
    }

    /** How far the parked topic was cut. */
    record ParkedCut(long endOffset, long startOffset, int replicas, int inSyncReplicas, long cutConfirmedAtMillis) {}

    /** It was purged. The level may differ between repeats, as a later one may have verified more. */
    record Purge(
            PurgeReason reason,
            PurgeLevel level,
            @Nullable Long eraseByMillis,
            long keyErasedAtMillis,
            @Nullable Integer partition,
            @Nullable Long offset,
            @Nullable Long startOffset,
            @Nullable Integer replicas,
            @Nullable Integer inSyncReplicas,
            @Nullable Long cutConfirmedAtMillis,
            @Nullable Long checkpointIntervalMillis,
            @Nullable ParkedCut parked,
            long purgedAtMillis)
            implements Fact {
        @Override
        public Object identity() {
            return "purged";
        }

        @Override
        public Object substance() {
            return reason;
        }
    }

    /**
     * Something about a notice to a broker.
     *
     * @param detail tells notices of one kind to one broker apart
     * @param outcome what a sending came to
     */
    record Notice(
            long offset,
            String broker,
            Kind kind,
            String detail,
            @Nullable NoticeOutcome outcome,
            long atMillis) implements Fact {
        /** What happened. */
        public enum Kind {
            /** It was sent. */
            SENT,
            /** The broker confirmed it. */
            CONFIRMED,
            /** Somebody has to look after it. */
            ESCALATED
        }

        @Override
        public Object identity() {
            return "notice/" + broker + "/" + kind + "/" + detail;
        }
    }
}
