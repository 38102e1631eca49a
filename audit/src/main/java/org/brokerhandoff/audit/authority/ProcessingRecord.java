package org.brokerhandoff.audit.authority;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.PurgeLevel;

/**
 * The record of processing activities of Art. 30(1) GDPR, as far as the log shows: what an operator must be able to show an authority.
 *
 * @param readAt when the log was read
 * @param operator the operator's newest version; empty if none was published
 * @param activities the processing activities found in the log
 * @param recipients present and former recipients: those of the newest directory first
 * @param erasure storage periods
 * @param examinations what each service found about the location of the keys at its newest start
 * @param documents the texts in force then
 */
public record ProcessingRecord(
        Instant readAt,
        Optional<OperatorPublished> operator,
        List<Activity> activities,
        List<Recipient> recipients,
        Erasure erasure,
        List<CustodyExamined> examinations,
        List<PolicyPublished> documents) {

    /** Kind of activity. */
    public enum Processing {
        /** People who register are handed to a broker. */
        BROKER_HANDOFF,
        /** People who write are answered by the helpdesk. */
        HELPDESK,
        /** Visitors choose which cookies to accept. */
        COOKIE_CHOICES,
        /** People exercise their rights about a registration. */
        RIGHTS_REQUESTS,
        /** Authorities and third parties ask for data. */
        DISCLOSURE_REQUESTS
    }

    /**
     * One activity.
     *
     * @param number number of signups, messages, choices or requests
     * @param since the first of them
     * @param categories of personal data that were submitted
     * @param countries of residence, if known
     */
    public record Activity(
            Processing processing,
            long number,
            Instant since,
            SortedSet<DataCategory> categories,
            SortedSet<String> countries) {}

    /**
     * A recipient.
     *
     * @param published its entry in the newest directory version that has it
     * @param current whether that is the newest version of all
     * @param accepted number of signups it accepted
     */
    public record Recipient(PublishedBroker published, boolean current, long accepted) {}

    /**
     * Storage periods.
     *
     * @param longestPromise the longest time between receipt and promised purge
     * @param purged number of signups and messages with a purge
     * @param late number of those purged after the promised time
     * @param untilKeyDestroyed from receipt to the destruction of the key
     * @param untilConfirmed from receipt to the purge, as far as that was verified
     * @param byLevel numbers by level of verification
     */
    public record Erasure(
            Optional<Duration> longestPromise,
            long purged,
            long late,
            Optional<Spread> untilKeyDestroyed,
            Optional<Spread> untilConfirmed,
            SortedMap<PurgeLevel, Long> byLevel) {}

    /** Statistics of many durations. */
    public record Spread(Duration average, Duration longest) {}

    /** Copies the lists. */
    public ProcessingRecord {
        activities = List.copyOf(activities);
        recipients = List.copyOf(recipients);
        examinations = List.copyOf(examinations);
        documents = List.copyOf(documents);
    }
}
