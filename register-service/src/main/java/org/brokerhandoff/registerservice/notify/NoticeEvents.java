package org.brokerhandoff.registerservice.notify;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.schemas.SignupIds;

/** The events about a notice. Pure. */
final class NoticeEvents {
    private NoticeEvents() {}

    static NoticeSent sent(Notice notice, int attempt, Notice.Sending sending, Optional<Integer> status) {
        return NoticeSent.newBuilder()
                .setSignupId(SignupIds.fixed(notice.key().signupId()))
                .setBroker(notice.key().broker())
                .setType(notice.key().type())
                .setRequestedAt(notice.requestedAt())
                .setAttempt(attempt)
                .setSentAt(sending.at())
                .setOutcome(sending.outcome())
                .setStatus(status.orElse(null))
                .setNotBefore(sending.notBefore().orElse(null))
                .build();
    }

    static NoticeConfirmed confirmed(Notice.Key key, Instant at) {
        return NoticeConfirmed.newBuilder()
                .setSignupId(SignupIds.fixed(key.signupId()))
                .setBroker(key.broker())
                .setType(key.type())
                .setConfirmedAt(at)
                .build();
    }

    static NoticeEscalated escalated(Notice notice, Notice.UnrecordedEscalation escalation) {
        return NoticeEscalated.newBuilder()
                .setSignupId(SignupIds.fixed(notice.key().signupId()))
                .setBroker(notice.key().broker())
                .setType(notice.key().type())
                .setRequestedAt(notice.requestedAt())
                .setEscalatedAt(escalation.at())
                .setReason(escalation.reason())
                .setAttempts(escalation.attempts())
                .build();
    }
}
