package org.brokerhandoff.audit.verify;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.jspecify.annotations.Nullable;

/**
 * An event's statement about its signup, without anything that no rule uses: a partition's signups have to fit into memory together. Times
 * are milliseconds since the epoch for the same reason.
 */
public sealed interface Fact
        permits Fact.Ground,
                Fact.Withdrawal,
                Fact.Assignment,
                Fact.Contact,
                Fact.End,
                Fact.Reconciliation,
                Fact.Postponement,
                Fact.Parking,
                Fact.Undeliverable,
                Fact.Finish,
                NoticeFact,
                RightsFact,
                PurgeFact,
                CanaryFact,
                DisclosureFact {

    /** Two events with equal identities are the same fact, published again; see {@link org.brokerhandoff.schemas.EventId}. */
    Object identity();

    /** The content in which repeats of the fact must agree. The rest may differ: a later publication may know more. */
    default Object substance() {
        return identity();
    }

    /** Whether this repeat adds nothing to {@code earlier}. */
    default boolean addsNothingTo(Fact earlier) {
        return equals(earlier);
    }

    /** The basis for any processing of the person's data: evidence that ingest recorded before it passed the data on. */
    sealed interface Ground extends Fact {
        /** Who may get it. */
        List<String> recipients();

        /** When ingest accepted it. */
        long receivedAtMillis();

        /** Deadline for the proof of its purge. */
        long eraseByMillis();

        /** Whether it permits decisions for {@code purpose}. */
        boolean covers(Purpose purpose);
    }

    /**
     * The person wrote to the helpdesk, or submitted new data of an earlier signup.
     *
     * @param concerns the signup that it corrects; null: it is a message
     */
    record Message(
            List<String> recipients,
            long receivedAtMillis,
            long eraseByMillis,
            @Nullable UUID concerns) implements Ground {
        @Override
        public boolean covers(Purpose purpose) {
            return purpose == (concerns == null ? Purpose.HELPDESK : Purpose.RECTIFICATION);
        }

        @Override
        public Object identity() {
            return "contact";
        }

        @Override
        public Object substance() {
            return Arrays.asList(Set.copyOf(recipients), eraseByMillis, concerns);
        }
    }

    /**
     * Where a person lives, and their statement of age.
     *
     * @param country ISO 3166-1 alpha-2
     * @param declaredAge age in years that they confirmed to have reached; null: none
     */
    record Residence(String country, @Nullable Integer declaredAge) {}

    /** A consent. */
    record Consent(
            String policyVersion,
            Digest noticeDigest,
            String language,
            boolean coversHandoff,
            List<String> recipients,
            long givenAtMillis,
            long receivedAtMillis,
            long eraseByMillis,
            Residence residence)
            implements Ground {
        @Override
        public boolean covers(Purpose purpose) {
            return purpose == Purpose.BROKER_HANDOFF && coversHandoff;
        }

        @Override
        public Object identity() {
            return "granted";
        }

        @Override
        public Object substance() {
            return List.of(
                    policyVersion,
                    noticeDigest,
                    coversHandoff,
                    Set.copyOf(recipients),
                    givenAtMillis,
                    eraseByMillis,
                    residence);
        }
    }

    /**
     * A withdrawal of the consent.
     *
     * @param attempts number that custody had counted; null if the slot was gone, and in older events without it. Custody's counter, and the
     *     attempt numbers, saturate at 255
     */
    record Withdrawal(
            WithdrawalOutcome outcome,
            long withdrawnAtMillis,
            @Nullable Integer attempts) implements Fact {
        @Override
        public Object identity() {
            return "withdrawn";
        }

        @Override
        public Object substance() {
            return outcome;
        }
    }

    /** A broker was assigned. The broker is checked by the rule on assignments, not by that on repeats. */
    record Assignment(long offset, int hop, String broker, Digest directory, Purpose purpose, long decidedAtMillis)
            implements Fact {
        @Override
        public Object identity() {
            return "assigned/" + hop;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Assignment other
                    && hop == other.hop
                    && broker.equals(other.broker)
                    && directory.equals(other.directory)
                    && purpose == other.purpose;
        }
    }

    /** Data was sent, or may have been, to a broker. */
    sealed interface Contact extends Fact {
        /** Offset in {@code handoffs}. */
        long offset();

        /** The broker. */
        String broker();

        /** When the attempt started. */
        long startedAtMillis();

        /** When it ended, by the same process's clock. */
        long endedAtMillis();

        /** Custody's number of the attempt, counted over all brokers. */
        int attempt();

        /** The type of the event, for messages. */
        String eventName();
    }

    /** An attempt without a final result. */
    record Attempt(
            long offset, String broker, int attempt, long startedAtMillis, long endedAtMillis, AttemptOutcome outcome)
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

    /** The broker has it. That it is one broker is a separate rule. */
    record Acceptance(long offset, String broker, int attempt, long startedAtMillis, long endedAtMillis, int status)
            implements Contact {
        @Override
        public Object identity() {
            return "delivered";
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Acceptance other
                    && broker.equals(other.broker)
                    && attempt == other.attempt
                    && startedAtMillis == other.startedAtMillis;
        }

        @Override
        public String eventName() {
            return "Delivered";
        }
    }

    /** A broker certainly has nothing from a signup's attempts so far. Later ones are not covered. */
    sealed interface End extends Fact {
        /** Offset in {@code handoffs}. */
        long offset();

        /** The broker. */
        String broker();

        /** The last attempt that certainly left nothing there. */
        int lastAttempt();

        /** Whether {@code contact}, with the same broker, is covered. */
        default boolean covers(Contact contact) {
            return contact.broker().equals(broker()) && contact.attempt() <= lastAttempt();
        }
    }

    /** The broker did not accept it. */
    record Refusal(long offset, String broker, int attempt, long startedAtMillis, long endedAtMillis)
            implements Contact, End {
        @Override
        public int lastAttempt() {
            return attempt;
        }

        @Override
        public Object identity() {
            return "refused/" + broker;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Refusal other
                    && broker.equals(other.broker)
                    && attempt == other.attempt
                    && startedAtMillis == other.startedAtMillis;
        }

        @Override
        public String eventName() {
            return "Refused";
        }
    }

    /**
     * Its assignment ended because the broker certainly does not have it.
     *
     * @param lastAttempt number of attempts that custody had counted; {@link Integer#MAX_VALUE} in older events without it
     */
    record Release(
            long offset,
            String broker,
            int lastAttempt,
            long releasedAtMillis,
            @Nullable Long lastAttemptAtMillis,
            ReleaseReason reason)
            implements End {
        @Override
        public Object identity() {
            return "released/" + broker;
        }

        @Override
        public Object substance() {
            return reason;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Release other
                    && broker.equals(other.broker)
                    && lastAttempt == other.lastAttempt
                    && reason == other.reason;
        }
    }

    /** A broker was queried whether it has it. */
    record Reconciliation(long offset, String broker, long askedAtMillis, ReconciliationAnswer answer) implements Fact {
        @Override
        public Object identity() {
            return "reconciled/" + broker + "/" + askedAtMillis;
        }

        @Override
        public Object substance() {
            return answer;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Reconciliation other
                    && identity().equals(other.identity())
                    && answer == other.answer;
        }
    }

    /** No broker could take it then. */
    record Postponement(Digest directory) implements Fact {
        @Override
        public Object identity() {
            // Repeats need not agree on the version: two routers may reach the same decision with two versions.
            return "postponed";
        }
    }

    /**
     * It was parked: a purge has to cover the parked topic as well.
     *
     * @param restricted whether it was parked because custody had restricted it
     */
    record Parking(boolean restricted) implements Fact {
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

    /** A router finished a record of it. At a takeover two routers may have, with different results. */
    record Finish(SealedTopic topic, long offset, RecordEnd end, long finishedAtMillis) implements Fact {
        @Override
        public Object identity() {
            return "finished/" + topic + "/" + offset;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Finish other
                    && topic == other.topic
                    && offset == other.offset
                    && end == other.end
                    && finishedAtMillis >= other.finishedAtMillis;
        }
    }
}
