package org.brokerhandoff.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.ExtensionReason;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/** Events of one request about a {@link Life}, by milliseconds after it was received. */
public record Rights(Life life, UUID requestId, RightsType type) {
    /** The time limit for answers in these tests. */
    public static final Duration TIME = Duration.ofDays(30);

    private SignupId signup() {
        return SignupIds.fixed(life.id());
    }

    private RandomId request() {
        return new RandomId(SignupIds.bytes(requestId));
    }

    private NoticeType notice() {
        return NoticeType.valueOf(type.name());
    }

    /** Deadline of the answer. */
    public Instant due(long millis) {
        return life.at(millis).plus(TIME);
    }

    public RightsRequested requested(long millis, @Nullable HoldingFound found, @Nullable Integer attempts) {
        return RightsRequested.newBuilder()
                .setSignupId(signup())
                .setRequestId(request())
                .setType(type)
                .setRequestedAt(life.at(millis))
                .setDueAt(due(millis))
                .setMethod(RequestMethod.WEBSITE)
                .setFound(found)
                .setAttempts(attempts)
                .setActor("website-1")
                .build();
    }

    public RightsRequestExtended extended(long millis, Instant due) {
        return new RightsRequestExtended(
                signup(), request(), life.at(millis), due, ExtensionReason.COMPLEXITY, "officer-1");
    }

    public RightsRequestDecided granted(long millis) {
        return new RightsRequestDecided(
                signup(), request(), life.at(millis), RequestDecision.GRANTED, RightsGround.JUSTIFIED, "officer-1");
    }

    public RightsRequestDecided refused(long millis) {
        return new RightsRequestDecided(
                signup(),
                request(),
                life.at(millis),
                RequestDecision.REFUSED,
                RightsGround.COMPELLING_GROUNDS,
                "officer-1");
    }

    /** The withdrawal that follows from an erasure, or a granted objection. */
    public ConsentWithdrawn withdrawn(long millis, WithdrawalOutcome outcome, @Nullable Integer attempts) {
        return ConsentWithdrawn.newBuilder(life.withdrawn(outcome, millis, attempts))
                .setMethod(WithdrawalMethod.ERASURE_REQUEST)
                .build();
    }

    public NoticeSent sent(String broker, int attempt, long millis, NoticeOutcome outcome) {
        return NoticeSent.newBuilder()
                .setSignupId(signup())
                .setBroker(broker)
                .setType(notice())
                .setRequestedAt(life.at(millis))
                .setAttempt(attempt)
                .setSentAt(life.at(millis))
                .setOutcome(outcome)
                .setStatus(200)
                .setRequestId(request())
                .build();
    }

    public NoticeConfirmed confirmed(String broker, long millis) {
        return new NoticeConfirmed(signup(), broker, notice(), life.at(millis), request());
    }

    public NoticeRefused refusedBy(String broker, long millis) {
        return new NoticeRefused(signup(), broker, notice(), life.at(millis), RightsGround.LEGAL_OBLIGATION, request());
    }

    public NoticeEscalated escalated(String broker, long millis) {
        return new NoticeEscalated(
                signup(), broker, notice(), life.at(millis), life.at(millis), EscalationReason.SILENT, 3, request());
    }
}
