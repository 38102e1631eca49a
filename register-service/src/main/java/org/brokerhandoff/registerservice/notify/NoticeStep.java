package org.brokerhandoff.registerservice.notify;

import java.time.Instant;
import org.brokerhandoff.event.EscalationReason;

/** The next step of a notice. */
public sealed interface NoticeStep {
    /** Nothing more. */
    record Done() implements NoticeStep {}

    /** Nothing before {@code until}. */
    record Wait(Instant until) implements NoticeStep {}

    /** Send it, as the {@code attempt}th sending. */
    record Send(int attempt) implements NoticeStep {}

    /** Poll whether the broker has done it. */
    record Ask() implements NoticeStep {}

    /** Record what this process has done or received before and the log does not have. */
    record RecordFact(Notice.Unrecorded fact) implements NoticeStep {}

    /** Record that the broker confirmed it. */
    record Confirm(Instant at) implements NoticeStep {}

    /** Record that a human has to act. */
    record Escalate(EscalationReason reason) implements NoticeStep {}
}
