package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.eventlog.EventEnvelope;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.Topic;

/**
 * Judges all events of one signup, or visitor, by themselves and by the records that evidence has beside them: the code of {@code audit
 * verify}, and of its rules those that need nothing else. A record that an event refers to and that the evidence lacks counts as one that was
 * never published: to have it there is for who makes the file. That a record is there which excuses nothing, and another one was left out
 * which would accuse, it cannot see. Pure.
 */
public final class EvidenceAudit {
    private EvidenceAudit() {}

    /** Whether a signup's own events, and what evidence has beside them, are all that the rule looks at. */
    public static boolean judges(Rule rule) {
        Rule.Check check = rule.check();
        return (check instanceof Rule.OfRecord && !rule.equals(OrderRules.APPEND_TIME))
                || (check instanceof Rule.OfDecision && !rule.equals(RoutingRules.LOADS))
                || check instanceof Rule.OfPublished
                || check instanceof Rule.OfPublications
                || check instanceof Rule.OfSignup
                || check instanceof Rule.OfInputs;
    }

    /**
     * The rules that do not hold.
     *
     * @param subject whose events they are
     * @param partitions of each kept topic
     * @param events every event of the subject
     * @param context what stands beside them
     * @param asOf up to when nothing is missing: a signup without a purge is open until its time is over by it
     */
    public static List<Violation> violations(
            UUID subject,
            int partitions,
            List<KeptRecord> events,
            List<KeptRecord> context,
            Instant asOf,
            EventCodec codec) {
        Optional<String> installation = events.stream()
                .flatMap(event -> event.source().flatMap(EventEnvelope::installation).stream())
                .findFirst();
        Installation of = installation
                .map(name -> new Installation(partitions, name))
                .orElseGet(() -> Installation.unnamed(partitions));
        try (LogAudit audit = new LogAudit(of, asOf, codec, InMemory::new)) {
            Stream.concat(events.stream(), context.stream())
                    .sorted(Comparator.comparing(
                                    (KeptRecord record) -> Topic.inLedger().indexOf(record.topic()))
                            .thenComparing(KeptRecord::partition)
                            .thenComparing(KeptRecord::offset))
                    .forEach(record -> audit.partition(record.partition()).add(record));
            if (installation.isPresent()) {
                // Since sources name the installation, routers account for records; their accounts are of many signups.
                audit.recordsAreAccounted();
            }
            audit.beginJudging(false, HoldTimes.LONGEST_HOLD);
            for (int partition = 0; partition < partitions; partition++) {
                audit.judge(partition);
            }
            List<String> judged = Rules.ALL.stream()
                    .filter(EvidenceAudit::judges)
                    .map(Rule::code)
                    .toList();
            return audit.verdict(Optional.empty()).violations().stream()
                    .filter(violation -> judged.contains(violation.rule()))
                    .filter(violation -> violation.signupId().isEmpty()
                            || violation.signupId().get().equals(subject))
                    .toList();
        }
    }
}
