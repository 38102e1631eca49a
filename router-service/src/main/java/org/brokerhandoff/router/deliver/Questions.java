package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.event.Reconciled;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.lane.Lane;
import org.brokerhandoff.schemas.SignupIds;

/** Asks brokers whether they have a signup, and records what they say. */
final class Questions {
    private final ReconciliationClient client;
    private final CorrectionClient corrections;
    private final AttemptLog log;
    private final InstantSource clock;
    private final Lane lane;

    Questions(
            ReconciliationClient client, CorrectionClient corrections, AttemptLog log, InstantSource clock, Lane lane) {
        this.client = client;
        this.corrections = corrections;
        this.log = log;
        this.clock = clock;
        this.lane = lane;
    }

    /**
     * Outcome of a question.
     *
     * @param reply as it arrived
     * @param said what it means
     * @param notBefore until when the broker asked to be left alone, if it did and said nothing else
     */
    record Answer(BrokerReply reply, Reconciliation said, Optional<Instant> notBefore) {}

    /**
     * Asks the broker whether it has the signup. Makes no attempt; the broker may be one that gets nothing now. Completes when what it
     * says is recorded.
     */
    CompletionStage<Answer> ask(PendingSignup signup, Broker broker, Instant askedAt, Duration limit) {
        return lane.arriving(asked(signup, broker, askedAt, limit)).thenCompose(reply -> {
            Instant now = clock.instant();
            Reconciliation said = Reconciliation.of(reply, askedAt, now);
            return record(signup, broker, said)
                    .thenApply(recorded -> new Answer(reply, said, notBefore(reply, said, now)));
        });
    }

    private CompletionStage<BrokerReply> asked(PendingSignup signup, Broker broker, Instant askedAt, Duration limit) {
        Optional<BrokerNotice> correction = BrokerNotice.ofCorrection(signup);
        WebhookSignature signature =
                WebhookSignature.of(BrokerNotice.webhookIdOf(signup), askedAt, new byte[0], broker.secrets());
        return correction.isPresent()
                ? corrections.ask(broker, correction.get(), signature, limit)
                : client.ask(broker, signup.signupId(), signature, limit);
    }

    static Optional<Instant> notBefore(BrokerReply reply, Reconciliation said, Instant now) {
        return said.answer().isEmpty() && reply instanceof BrokerReply.Answered answered
                ? answered.retryAfter()
                        .flatMap(header -> RetryAfter.parse(header, now))
                        .filter(wait -> !wait.isZero())
                        .map(now::plus)
                : Optional.empty();
    }

    private CompletionStage<?> record(PendingSignup signup, Broker broker, Reconciliation said) {
        if (said.answer().isEmpty()) {
            return CompletableFuture.completedFuture(said);
        }
        return log.record(
                signup.signupId(),
                Reconciled.newBuilder()
                        .setSignupId(SignupIds.fixed(signup.signupId()))
                        .setBroker(broker.id())
                        .setAskedAt(said.askedAt())
                        .setAnsweredAt(said.answeredAt())
                        .setAnswer(said.answer().get())
                        .build());
    }
}
