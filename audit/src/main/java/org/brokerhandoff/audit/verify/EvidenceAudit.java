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
 * Judges all events of one signup, or visitor, from these events and the context records in the evidence: the code of {@code audit verify},
 * restricted to the rules that need nothing else. A referenced record that the evidence lacks counts as never published: supplying it is the
 * task of the exporter. It cannot detect an incriminating context record that was omitted in favour of an irrelevant one. Pure.
 */
public final class EvidenceAudit {
    private EvidenceAudit() {}

    /** Whether a rule looks only at a signup's own events, and the context records in the evidence. */
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
     * The violated rules.
     *
     * @param subject the signup or visitor
     * @param partitions of each kept topic
     * @param events every event of the subject
     * @param context the context records
     * @param asOf end of the coverage: a signup without a purge is open until its deadline has passed by it
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
                // Since sources name the installation, routers account for records; these accounts concern many
                // signups.
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
