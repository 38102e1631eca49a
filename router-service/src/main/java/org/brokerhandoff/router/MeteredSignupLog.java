package org.brokerhandoff.router;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.SignupLog;

/** Counts what is recorded, by type and broker. */
final class MeteredSignupLog implements SignupLog {
    private final SignupLog log;
    private final MeterRegistry meters;
    private final Timer exchanges;

    MeteredSignupLog(SignupLog log, MeterRegistry meters) {
        this.log = log;
        this.meters = meters;
        this.exchanges = meters.timer("handoff.broker.exchange");
    }

    @Override
    public CompletionStage<?> record(UUID signupId, SpecificRecord event) {
        if (event instanceof Delivered delivered) {
            count("delivered", delivered.getBroker());
            if (!delivered.getDuplicate()) {
                // Of what the broker had already, this is not the attempt that took it there.
                exchanges.record(Duration.between(delivered.getStartedAt(), delivered.getAcceptedAt()));
            }
        } else if (event instanceof AttemptMade attempt) {
            count("attempt-" + attempt.getOutcome(), attempt.getBroker());
            Optional.ofNullable(attempt.getNotSentReason())
                    .ifPresent(reason -> meters.counter(
                                    "handoff.attempts.not.sent", "broker", attempt.getBroker(), "reason", reason.name())
                            .increment());
        } else {
            count(event.getSchema().getName(), "");
        }
        return log.record(signupId, event);
    }

    private void count(String event, String broker) {
        meters.counter("handoff.events", "event", event, "broker", broker).increment();
    }

    @Override
    public CompletionStage<Long> park(PendingSignup signup, History history, Optional<Instant> notBefore) {
        count(signup.parking().isPresent() ? "moved-on" : "parked-copy", "");
        return log.park(signup, history, notBefore);
    }

    @Override
    public CompletionStage<History> history(PendingSignup signup) {
        meters.counter("handoff.history.rereads").increment();
        return log.history(signup);
    }

    @Override
    public CompletionStage<Boolean> purged(PendingSignup signup) {
        return log.purged(signup);
    }

    @Override
    public CompletionStage<?> setAside(PendingSignup signup, SetAsideReason reason) {
        count("set-aside", "");
        return log.setAside(signup, reason);
    }
}
