package org.brokerhandoff.audit.verify;

import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/**
 * A fact about a notice to a broker.
 *
 * @param detail distinguishes events of one kind about one notice
 * @param outcome result of a sending
 */
record NoticeFact(
        long offset,
        String broker,
        Cause cause,
        Kind kind,
        String detail,
        @Nullable NoticeOutcome outcome,
        long atMillis)
        implements Fact {
    /**
     * What a broker is notified of.
     *
     * @param requestId the person's request; null: the withdrawal of the consent
     */
    record Cause(NoticeType type, @Nullable UUID requestId) {
        static final Cause WITHDRAWAL = new Cause(NoticeType.WITHDRAWAL, null);

        @Override
        public String toString() {
            return requestId == null ? type.name() : type + "/" + requestId;
        }
    }

    /** Kind of event. */
    enum Kind {
        /** It was sent. */
        SENT,
        /** The broker confirmed it. */
        CONFIRMED,
        /** The broker refused it. */
        REFUSED,
        /** A human has to act. */
        ESCALATED;

        /** Whether the broker's answer is final. */
        boolean ends() {
            return this == CONFIRMED || this == REFUSED;
        }
    }

    @Override
    public Object identity() {
        return "notice/" + broker + "/" + cause + "/" + kind + "/" + detail;
    }

    /** The statement of {@code event}, at {@code offset} of its topic, about a notice; null if it is about none. */
    static @Nullable NoticeFact of(SpecificRecord event, long offset) {
        if (event instanceof NoticeSent e) {
            return new NoticeFact(
                    offset,
                    e.getBroker(),
                    cause(e.getType(), e.getRequestId()),
                    Kind.SENT,
                    Integer.toString(e.getAttempt()),
                    e.getOutcome(),
                    e.getSentAt().toEpochMilli());
        } else if (event instanceof NoticeConfirmed e) {
            return new NoticeFact(
                    offset,
                    e.getBroker(),
                    cause(e.getType(), e.getRequestId()),
                    Kind.CONFIRMED,
                    "",
                    null,
                    e.getConfirmedAt().toEpochMilli());
        } else if (event instanceof NoticeRefused e) {
            return new NoticeFact(
                    offset,
                    e.getBroker(),
                    cause(e.getType(), e.getRequestId()),
                    Kind.REFUSED,
                    "",
                    null,
                    e.getRefusedAt().toEpochMilli());
        } else if (event instanceof NoticeEscalated e) {
            return new NoticeFact(
                    offset,
                    e.getBroker(),
                    cause(e.getType(), e.getRequestId()),
                    Kind.ESCALATED,
                    e.getReason().name(),
                    null,
                    e.getEscalatedAt().toEpochMilli());
        }
        return null;
    }

    private static Cause cause(NoticeType type, @Nullable RandomId request) {
        // Nearly all are about withdrawals: one shared object.
        return type == NoticeType.WITHDRAWAL && request == null
                ? Cause.WITHDRAWAL
                : new Cause(type, request == null ? null : SignupIds.uuid(request.bytes()));
    }
}
