package org.brokerhandoff.registerservice.notify;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.router.deliver.NoticeClient;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses and executes the steps of notices. Keeps state that is not in the log: when a broker was last polled, and what could not be
 * recorded yet. Facts are remembered before they are recorded, so that a Kafka that refuses the record causes neither another sending or poll
 * nor another escalation: only the record is retried. Thread-safe.
 */
public final class NoticeSteps {
    private static final Logger LOG = LoggerFactory.getLogger(NoticeSteps.class);

    private final NoticeLog log;
    private final NoticeClient client;
    private final Supplier<BrokerDirectory> directory;
    private final NoticeSchedule schedule;
    private final Duration exchangeLimit;
    private final InstantSource clock;
    private final MeterRegistry meters;

    private final Map<Notice.Key, Notice.Poll> polls = new ConcurrentHashMap<>();
    private final Map<Notice.Key, Notice.Unrecorded> unrecorded = new ConcurrentHashMap<>();

    /**
     * Steps.
     *
     * @param directory the current directory
     * @param exchangeLimit timeout of one exchange
     */
    public NoticeSteps(
            NoticeLog log,
            NoticeClient client,
            Supplier<BrokerDirectory> directory,
            NoticeSchedule schedule,
            Duration exchangeLimit,
            InstantSource clock,
            MeterRegistry meters) {
        this.log = log;
        this.client = client;
        this.directory = directory;
        this.schedule = schedule;
        this.exchangeLimit = exchangeLimit;
        this.clock = clock;
        this.meters = meters;
    }

    /** The next step of a notice, by the state in the register and in this process. */
    NoticeStep next(Notice read, Instant now) {
        Notice notice = new Notice(
                read.key(),
                read.requestedAt(),
                read.delivered(),
                read.attempts(),
                read.last(),
                // A poll before the latest sending says nothing about it.
                Optional.ofNullable(polls.get(read.key()))
                        .filter(poll -> read.last()
                                .filter(last -> last.at().isAfter(poll.at()))
                                .isEmpty()),
                read.answer(),
                read.escalations());
        return NoticePlanner.next(
                notice,
                Optional.ofNullable(unrecorded.get(read.key())),
                broker(read).isPresent(),
                schedule,
                now);
    }

    /** Executes a step. The stage completes when it is done and recorded; exceptionally if it must be retried. */
    CompletionStage<Void> take(Notice notice, NoticeStep step) {
        Instant now = clock.instant();
        if (step instanceof NoticeStep.Send send) {
            return send(notice, broker(notice).orElseThrow(), send.attempt());
        } else if (step instanceof NoticeStep.Ask) {
            return ask(notice, broker(notice).orElseThrow());
        } else if (step instanceof NoticeStep.RecordFact known) {
            return record(notice, known.fact());
        } else if (step instanceof NoticeStep.Confirm confirm) {
            return record(notice, new Notice.UnrecordedAnswer(new Notice.Confirmed(confirm.at()), now));
        } else if (step instanceof NoticeStep.Escalate escalate) {
            return escalate(notice, escalate.reason(), now);
        }
        return CompletableFuture.completedFuture(null);
    }

    /** Forgets notices that are over. */
    void forget(Predicate<Notice.Key> over) {
        polls.keySet().removeIf(over);
        unrecorded.keySet().removeIf(over);
    }

    private Optional<Broker> broker(Notice notice) {
        return directory
                .get()
                .find(notice.key().broker())
                .filter(found -> found.notices().isPresent());
    }

    private CompletionStage<Void> send(Notice notice, Broker broker, int attempt) {
        Instant at = clock.instant();
        return client.send(broker, notice.told(), exchangeLimit).thenCompose(received -> {
            NoticeReply reply = NoticeReplyRules.about(notice.told(), received);
            Instant answeredAt = clock.instant();
            NoticeOutcome outcome = NoticeReplyRules.sent(reply);
            Notice.Sending sending = new Notice.Sending(at, outcome, NoticeReplyRules.notBefore(reply, answeredAt));
            meters.counter("handoff.notices.sent", "outcome", outcome.name()).increment();
            Optional<Integer> status =
                    reply instanceof NoticeReply.Answered answered ? Optional.of(answered.status()) : Optional.empty();
            return record(
                    notice,
                    new Notice.UnrecordedSending(attempt, sending, status, answer(reply, answeredAt), answeredAt));
        });
    }

    private CompletionStage<Void> ask(Notice notice, Broker broker) {
        return client.ask(broker, notice.told(), exchangeLimit).thenCompose(received -> {
            NoticeReply reply = NoticeReplyRules.about(notice.told(), received);
            Instant now = clock.instant();
            NoticeReplyRules.Asked asked = NoticeReplyRules.asked(reply);
            Optional<Notice.Answer> answer = answer(reply, now);
            if (answer.isPresent()) {
                return record(notice, new Notice.UnrecordedAnswer(answer.get(), now));
            }
            polls.put(
                    notice.key(),
                    new Notice.Poll(now, asked == NoticeReplyRules.Asked.LOST, NoticeReplyRules.notBefore(reply, now)));
            return CompletableFuture.completedFuture(null);
        });
    }

    /** The broker's final answer, if the reply is one. */
    private static Optional<Notice.Answer> answer(NoticeReply reply, Instant now) {
        return NoticeReplyRules.sent(reply) == NoticeOutcome.COMPLETED
                ? Optional.of(new Notice.Confirmed(now))
                : NoticeReplyRules.refusal(reply).map(ground -> new Notice.Refused(now, ground));
    }

    private CompletionStage<Void> escalate(Notice notice, EscalationReason reason, Instant now) {
        LOG.warn(
                "the notice about signup {} to {} is escalated: {} after {} attempts",
                notice.key().signupId(),
                notice.key().broker(),
                reason,
                notice.attempts());
        return record(notice, new Notice.UnrecordedEscalation(reason, notice.attempts(), now, now));
    }

    /** Remembers a fact until the log has it. */
    private CompletionStage<Void> record(Notice notice, Notice.Unrecorded fact) {
        unrecorded.put(notice.key(), fact);
        CompletionStage<Void> recorded = log.record(notice.key().signupId(), event(notice, fact))
                .<Void>thenApply(acknowledged -> null)
                .whenComplete((acknowledged, failure) -> {
                    if (failure == null) {
                        unrecorded.remove(notice.key());
                    } else {
                        unrecorded.put(notice.key(), fact.triedAt(clock.instant()));
                    }
                });
        return recorded.thenCompose(acknowledged -> followed(notice, fact));
    }

    /** Cleans up after a fact that is now in the log. */
    private CompletionStage<Void> followed(Notice notice, Notice.Unrecorded fact) {
        if (fact instanceof Notice.UnrecordedSending sent && sent.answer().isPresent()) {
            return record(notice, new Notice.UnrecordedAnswer(sent.answer().get(), clock.instant()));
        } else if (fact instanceof Notice.UnrecordedAnswer answered) {
            meters.counter(
                            answered.answer() instanceof Notice.Confirmed
                                    ? "handoff.notices.confirmed"
                                    : "handoff.notices.refused")
                    .increment();
        } else if (fact instanceof Notice.UnrecordedEscalation escalation) {
            meters.counter(
                            "handoff.notices.escalations",
                            "reason",
                            escalation.reason().name())
                    .increment();
        }
        return CompletableFuture.completedFuture(null);
    }

    private static SpecificRecord event(Notice notice, Notice.Unrecorded fact) {
        if (fact instanceof Notice.UnrecordedSending sent) {
            return NoticeEvents.sent(notice, sent.attempt(), sent.sending(), sent.status());
        } else if (fact instanceof Notice.UnrecordedEscalation escalation) {
            return NoticeEvents.escalated(notice, escalation);
        }
        return NoticeEvents.answered(notice.key(), ((Notice.UnrecordedAnswer) fact).answer());
    }
}
