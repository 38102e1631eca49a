package org.brokerhandoff.router.deliver;

import java.time.Instant;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.schemas.SignupIds;

/** Events about attempts that decided nothing. */
final class AttemptEvents {
    private AttemptEvents() {}

    static AttemptMade made(
            DeliveryTask task,
            int number,
            Instant startedAt,
            Instant endedAt,
            NextMove.Undecided undecided,
            BrokerReply reply) {
        return AttemptMade.newBuilder()
                .setSignupId(SignupIds.fixed(task.signup.signupId()))
                .setBroker(task.broker.id())
                .setAttempt(number)
                .setStartedAt(startedAt)
                .setEndedAt(endedAt)
                .setOutcome(undecided.recorded())
                .setStatus(undecided.status().isPresent() ? undecided.status().getAsInt() : null)
                .setNotSentReason(reply instanceof BrokerReply.NotSent notSent ? notSent.reason() : null)
                .build();
    }
}
