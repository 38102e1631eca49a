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
 * The record of processing activities of Art. 30(1) GDPR, as far as the log says: what an operator has to be able to show an authority.
 *
 * @param readAt when the log was read
 * @param operator what the newest version says of the operator; empty if none was published
 * @param activities what is done, with whose data; those that the log knows of
 * @param recipients who gets, or got, the data: those of the newest directory first
 * @param erasure how long data is kept
 * @param examinations what each service found about the place of the keys at its newest start
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

    /** What is done. */
    public enum Processing {
        /** People who register are handed to a broker. */
        BROKER_HANDOFF,
        /** People who write are answered by the helpdesk. */
        HELPDESK,
        /** Visitors choose which cookies they accept. */
        COOKIE_CHOICES,
        /** People exercise their rights as to a registration. */
        RIGHTS_REQUESTS,
        /** Authorities and third parties ask for data. */
        DISCLOSURE_REQUESTS
    }

    /**
     * One activity.
     *
     * @param number how many signups, messages, choices or requests there were
     * @param since the first of them
     * @param categories of personal data that were submitted
     * @param countries of residence, where they are known
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
     * @param published what the newest version of the directory that has it says
     * @param current whether that is the newest version of all
     * @param accepted how many signups it accepted
     */
    public record Recipient(PublishedBroker published, boolean current, long accepted) {}

    /**
     * How long data was kept.
     *
     * @param longestPromise the longest time between receipt and promised purge
     * @param purged signups and messages with a purge
     * @param late those among them that were purged after the promised time
     * @param untilKeyDestroyed from receipt to the destruction of the key
     * @param untilConfirmed from receipt to the purge, as far as that was verified
     * @param byLevel how far purges were verified
     */
    public record Erasure(
            Optional<Duration> longestPromise,
            long purged,
            long late,
            Optional<Spread> untilKeyDestroyed,
            Optional<Spread> untilConfirmed,
            SortedMap<PurgeLevel, Long> byLevel) {}

    /** Of many durations. */
    public record Spread(Duration average, Duration longest) {}

    /** Copies the lists. */
    public ProcessingRecord {
        activities = List.copyOf(activities);
        recipients = List.copyOf(recipients);
        examinations = List.copyOf(examinations);
        documents = List.copyOf(documents);
    }
}
