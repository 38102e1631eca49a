package org.brokerhandoff.ingest.rights;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.ExtensionReason;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.ingest.domain.RightsRuling;
import org.brokerhandoff.register.RightsRequest;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.schemas.Digests;

/** The effects of a person's request. Pure. */
final class RightsRules {
    /** Within this time, a repeated request for access or the data is the same request. */
    private static final Duration SAME_QUESTION = Duration.ofHours(24);

    private static final Set<RightsType> RESTRICTING = EnumSet.of(RightsType.RESTRICTION, RightsType.OBJECTION);

    private RightsRules() {}

    /** Whether a request of this type restricts the processing at once: by Art. 18 (1) (d) an objection does until it is decided. */
    static boolean restricts(RightsType type) {
        return RESTRICTING.contains(type);
    }

    /**
     * The request that one of {@code type} only repeats; empty if it is a new one. Data is erased once; a restriction or an objection that
     * was refused may be raised again.
     *
     * @param requests the earlier ones about the signup, the earliest first
     */
    static Optional<RightsRequest> standing(List<RightsRequest> requests, RightsType type, Instant now) {
        return requests.stream()
                .filter(request -> request.type() == type)
                .filter(request -> restricts(type)
                        ? !refused(request)
                        : type == RightsType.ERASURE
                                || now.isBefore(request.requestedAt().plus(SAME_QUESTION)))
                .reduce((earlier, later) -> later);
    }

    /**
     * The id of the request of {@code type} that follows these: a UUID of version 8 (RFC 9562) derived from signup, type and number. So a
     * retry after the process was killed, or a concurrent one, is the same request.
     */
    static UUID nextId(UUID signupId, RightsType type, List<RightsRequest> requests) {
        long number =
                requests.stream().filter(request -> request.type() == type).count();
        byte[] digest = Digests.sha256("broker-handoff rights request " + signupId + " " + type + " " + number)
                .bytes();
        ByteBuffer bytes = ByteBuffer.wrap(digest);
        long high = (bytes.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x8000L;
        long low = (bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /**
     * What a request found.
     *
     * @param inCustody what custody answered; empty: the slot is gone
     * @param began when the request arrived: it did not end what ended before
     */
    static HoldingFound found(Optional<HoldingFound> inCustody, SignupStatus status, Instant began) {
        if (inCustody.isEmpty()) {
            // Without any assignment no broker can have been offered the data.
            return status.everAssigned() ? HoldingFound.HANDOFF_STARTED : HoldingFound.ENDED;
        }
        boolean endedBefore = status.withdrawal()
                        .filter(withdrawal -> withdrawal.at().isBefore(began))
                        .isPresent()
                || status.purge().filter(purge -> purge.at().isBefore(began)).isPresent();
        return inCustody.get() == HoldingFound.HELD && endedBefore ? HoldingFound.ENDED : inCustody.get();
    }

    /** Whether a restriction of the signup rests on one of {@code requests}. */
    static boolean restrictionHolds(List<RightsRequest> requests) {
        return requests.stream().anyMatch(request -> restricts(request.type()) && !refused(request));
    }

    private static boolean refused(RightsRequest request) {
        return request.decision()
                .filter(decision -> decision.outcome() == RequestDecision.REFUSED)
                .isPresent();
    }

    /** Outcome of a step. */
    sealed interface Step {
        /** It is to be taken. */
        record Allowed() implements Step {}

        /** The identical step was taken already. */
        record Repeated() implements Step {}

        /** It is not possible. */
        record NotPossible(RightsOutcome.Refusal reason) implements Step {}
    }

    /**
     * Whether {@code request} may be decided so. A rectification can only be refused, and only if its new data has not reached the holder and
     * will not.
     */
    static Step decide(RightsRequest request, RightsRuling ruling) {
        if (request.decision().isPresent()) {
            RightsRequest.Decision decision = request.decision().get();
            return new RightsRuling(decision.outcome(), decision.ground()).equals(ruling)
                    ? new Step.Repeated()
                    : new Step.NotPossible(RightsOutcome.Refusal.ALREADY_DECIDED);
        }
        boolean unheard = request.type() == RightsType.RECTIFICATION
                && ruling.decision() == RequestDecision.REFUSED
                && RightsProgress.of(request) == RightsProgress.PENDING
                && request.correction().map(RightsRequest.Correction::ended).orElse(true);
        return unheard || restricts(request.type())
                ? new Step.Allowed()
                : new Step.NotPossible(RightsOutcome.Refusal.NOTHING_TO_DECIDE);
    }

    /**
     * Whether the answer to {@code request} may be postponed.
     *
     * @param until the new deadline; if no later than the current one, the rules of the country leave no time to add
     */
    static Step extend(RightsRequest request, ExtensionReason reason, Instant until, Instant now) {
        if (request.extension().isPresent()) {
            return request.extension().get().reason() == reason
                    ? new Step.Repeated()
                    : new Step.NotPossible(RightsOutcome.Refusal.ALREADY_EXTENDED);
        }
        RightsProgress progress = RightsProgress.of(request);
        if (progress == RightsProgress.COMPLETED || progress == RightsProgress.REFUSED) {
            return new Step.NotPossible(RightsOutcome.Refusal.ALREADY_ANSWERED);
        }
        if (!now.isBefore(request.dueAt())) {
            return new Step.NotPossible(RightsOutcome.Refusal.OVERDUE);
        }
        return until.isAfter(request.dueAt())
                ? new Step.Allowed()
                : new Step.NotPossible(RightsOutcome.Refusal.NOT_EXTENDABLE);
    }
}
