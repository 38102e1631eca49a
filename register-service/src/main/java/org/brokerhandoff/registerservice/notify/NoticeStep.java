package org.brokerhandoff.registerservice.notify;

import java.time.Instant;
import org.brokerhandoff.event.EscalationReason;

/** What to do next about a notice. */
public sealed interface NoticeStep {
    /** Nothing, ever. */
    record Done() implements NoticeStep {}

    /** Nothing before {@code until}. */
    record Wait(Instant until) implements NoticeStep {}

    /** Send it, for the {@code attempt}th time. */
    record Send(int attempt) implements NoticeStep {}

    /** Ask the broker whether it has done it. */
    record Ask() implements NoticeStep {}

    /** Record what this process has done or heard before and the log does not have. */
    record RecordFact(Notice.Unrecorded fact) implements NoticeStep {}

    /** Record that the broker confirmed it. */
    record Confirm(Instant at) implements NoticeStep {}

    /** Record that a person has to look after it. */
    record Escalate(EscalationReason reason) implements NoticeStep {}
}
