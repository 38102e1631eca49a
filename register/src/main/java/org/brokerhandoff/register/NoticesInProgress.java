package org.brokerhandoff.register;

import java.time.Instant;
import java.util.List;
import org.brokerhandoff.event.NoticeType;

/**
 * A withdrawal or a request that brokers must be notified of.
 *
 * @param cause what they must be notified of
 * @param type type of the notices
 * @param occurredAt when the consent was withdrawn, or the request was made
 * @param notices one for each broker that holds or may hold the signup, by broker id; empty if the log names none, or none yet
 */
public record NoticesInProgress(NoticeCause cause, NoticeType type, Instant occurredAt, List<OwedNotice> notices) {
    /** Copies the list. */
    public NoticesInProgress {
        notices = List.copyOf(notices);
    }
}
