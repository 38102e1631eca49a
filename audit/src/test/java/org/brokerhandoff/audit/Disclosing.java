package org.brokerhandoff.audit;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/** The events of one request for disclosure as ingest publishes them, each at a number of milliseconds after the signup was received. */
public record Disclosing(Life life, UUID requestId, DisclosureBasis basis) {
    public static final String ENTERING = "admin-1";
    public static final String DECIDING = "admin-2";
    /** Of the sealed message. */
    public static final UUID MESSAGE = new UUID(8, 9);

    public DisclosureRequested requested(long millis) {
        return requested(millis, DisclosureRequester.AUTHORITY, null);
    }

    /** An order of {@code by} that data be kept until {@code untilMillis}. */
    public DisclosureRequested ordered(long millis, DisclosureRequester by, long untilMillis) {
        return requested(millis, by, life.at(untilMillis));
    }

    private DisclosureRequested requested(long millis, DisclosureRequester by, @Nullable Instant until) {
        return new DisclosureRequested(
                SignupIds.fixed(life.id()),
                random(requestId),
                life.at(millis),
                by,
                "NO",
                basis,
                List.of(DisclosureScope.PERSONAL_DATA, DisclosureScope.RECIPIENTS),
                true,
                SignupIds.fixed(MESSAGE),
                ENTERING,
                until);
    }

    public UUID questionId() {
        return new UUID(requestId.getMostSignificantBits() + 1, requestId.getLeastSignificantBits());
    }

    public DisclosureQuestionAsked asked(long millis, long answerByMillis) {
        return new DisclosureQuestionAsked(
                SignupIds.fixed(life.id()),
                random(requestId),
                random(questionId()),
                life.at(millis),
                life.at(answerByMillis),
                ENTERING);
    }

    public DisclosureQuestionAnswered answered(long millis, boolean consented, @Nullable String actor) {
        return new DisclosureQuestionAnswered(
                SignupIds.fixed(life.id()),
                random(requestId),
                random(questionId()),
                life.at(millis),
                consented,
                actor == null ? RequestMethod.RECEIPT : RequestMethod.WEBSITE,
                actor);
    }

    public DisclosureDecided decided(long millis, RequestDecision decision, DisclosureGround ground, String actor) {
        return new DisclosureDecided(
                SignupIds.fixed(life.id()), random(requestId), life.at(millis), decision, ground, actor, null);
    }

    /** Granted by {@code actor}, with a hold until {@code untilMillis}. */
    public DisclosureDecided held(long millis, String actor, long untilMillis) {
        return new DisclosureDecided(
                SignupIds.fixed(life.id()),
                random(requestId),
                life.at(millis),
                RequestDecision.GRANTED,
                DisclosureGround.LEGAL_BASIS,
                actor,
                life.at(untilMillis));
    }

    public PreservationReleased released(long millis) {
        return new PreservationReleased(SignupIds.fixed(life.id()), random(requestId), life.at(millis), ENTERING);
    }

    public DisclosureDecided granted(long millis, DisclosureGround ground) {
        return decided(millis, RequestDecision.GRANTED, ground, DECIDING);
    }

    public DisclosureDecided refused(long millis, DisclosureGround ground) {
        return decided(millis, RequestDecision.REFUSED, ground, DECIDING);
    }

    private static RandomId random(UUID id) {
        return new RandomId(SignupIds.bytes(id));
    }
}
