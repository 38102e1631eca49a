package org.brokerhandoff.registerservice.notify;

import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

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
                .setRequestId(request(notice.key()))
                .build();
    }

    static SpecificRecord answered(Notice.Key key, Notice.Answer answer) {
        if (answer instanceof Notice.Refused refused) {
            return NoticeRefused.newBuilder()
                    .setSignupId(SignupIds.fixed(key.signupId()))
                    .setBroker(key.broker())
                    .setType(key.type())
                    .setRefusedAt(refused.at())
                    .setGround(refused.ground())
                    .setRequestId(request(key))
                    .build();
        }
        return NoticeConfirmed.newBuilder()
                .setSignupId(SignupIds.fixed(key.signupId()))
                .setBroker(key.broker())
                .setType(key.type())
                .setConfirmedAt(((Notice.Confirmed) answer).at())
                .setRequestId(request(key))
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
                .setRequestId(request(notice.key()))
                .build();
    }

    private static @Nullable RandomId request(Notice.Key key) {
        return key.requestId().map(id -> new RandomId(SignupIds.bytes(id))).orElse(null);
    }
}
