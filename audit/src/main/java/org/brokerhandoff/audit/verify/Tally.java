package org.brokerhandoff.audit.verify;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.schemas.EventId;

/** Collects counts and violations over all partitions, for one verdict. */
public final class Tally {
    private final Violations violations = new Violations();
    private final Map<PurgeReason, Long> purgedByReason = new EnumMap<>(PurgeReason.class);
    private final Map<PurgeLevel, Long> purgedByLevel = new EnumMap<>(PurgeLevel.class);
    private final Map<CanaryVerdict, Long> canaries = new EnumMap<>(CanaryVerdict.class);
    private long accepted;
    private long neverAccepted;
    private long delivered;
    private long withdrawn;
    private long open;
    private long requests;
    private long openRequests;
    private final List<UUID> restrictedWithoutRequest = new ArrayList<>();
    final Windows windows = new Windows();

    long events;
    long repeats;

    /** Judges the publications. */
    void publications(Publications publications) {
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfPublications check) {
                check.violations(publications)
                        .forEach(sentence -> violations.add(
                                new Violation(rule.code(), Optional.empty(), Optional.empty(), sentence)));
            }
        }
    }

    void violation(Rule rule, KeptRecord record, String sentence) {
        violations.add(new Violation(
                rule.code(),
                record.event().flatMap(EventId::signup).or(record::keyedSignup),
                Optional.of(record.place()),
                sentence));
    }

    void violation(Rule rule, Extent extent, String sentence) {
        violations.add(new Violation(rule.code(), Optional.empty(), Optional.of(extent.place()), sentence));
    }

    void finding(LedgerFinding finding) {
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfLedger check) {
                check.violations(finding)
                        .forEach(sentence -> violations.add(
                                new Violation(rule.code(), Optional.empty(), Optional.of(finding.place()), sentence)));
            }
        }
    }

    void violation(Rule rule, int partition, String sentence) {
        violations.add(new Violation(rule.code(), Optional.empty(), Optional.of("partition " + partition), sentence));
    }

    void violation(Rule rule, SignupFacts signup, String sentence) {
        violation(rule, signup.signupId(), sentence);
    }

    void violation(Rule rule, UUID signup, String sentence) {
        violations.add(new Violation(rule.code(), Optional.of(signup), Optional.empty(), sentence));
    }

    void signup(SignupFacts signup, Instant now) {
        List<PurgeFact> purges = signup.all(PurgeFact.class);
        if (signup.has(Fact.Ground.class)) {
            accepted++;
        } else if (purges.stream().anyMatch(purge -> ConsentRules.neverAccepted(signup, purge))) {
            neverAccepted++;
        }
        delivered += signup.has(Fact.Acceptance.class) ? 1 : 0;
        withdrawn += signup.has(Fact.Withdrawal.class) ? 1 : 0;
        open += PurgeRules.open(signup, now) ? 1 : 0;
        requests += RequestRules.first(signup).count();
        openRequests += RequestRules.first(signup)
                .filter(request -> RequestRules.open(signup, request))
                .count();
        if (RequestRules.restrictedWithoutRequest(signup)) {
            restrictedWithoutRequest.add(signup.signupId());
        }
        purges.stream().max(Comparator.comparing(PurgeFact::level)).ifPresent(purge -> {
            purgedByReason.merge(purge.reason(), 1L, Long::sum);
            purgedByLevel.merge(purge.level(), 1L, Long::sum);
        });
        signup.all(CanaryFact.class).forEach(canary -> canaries.merge(canary.verdict(), 1L, Long::sum));
    }

    /** Writes the results about individual records to a state: nothing else was counted yet. */
    void save(DataOutputStream out) throws IOException {
        out.writeLong(events);
        violations.save(out);
    }

    /** Adds what {@link #save} wrote. */
    void restore(DataInputStream in) throws IOException {
        events += in.readLong();
        violations.restore(in);
    }

    /** Adds the results of other partitions. */
    void add(Tally other) {
        violations.add(other.violations);
        other.purgedByReason.forEach((reason, count) -> purgedByReason.merge(reason, count, Long::sum));
        other.purgedByLevel.forEach((level, count) -> purgedByLevel.merge(level, count, Long::sum));
        other.canaries.forEach((verdict, count) -> canaries.merge(verdict, count, Long::sum));
        accepted += other.accepted;
        neverAccepted += other.neverAccepted;
        delivered += other.delivered;
        withdrawn += other.withdrawn;
        open += other.open;
        requests += other.requests;
        openRequests += other.openRequests;
        restrictedWithoutRequest.addAll(other.restrictedWithoutRequest);
        windows.add(other.windows);
        events += other.events;
        repeats += other.repeats;
    }

    /** The verdict on everything read, in the context {@code scope}. */
    Verdict verdict(Scope scope, Optional<LogRead> read) {
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfWindows check) {
                check.violations(windows)
                        .forEach(sentence -> violations.add(
                                new Violation(rule.code(), Optional.empty(), Optional.empty(), sentence)));
            }
        }
        return new Verdict(
                read,
                scope.now(),
                scope.complete(),
                new Verdict.Counts(
                        scope.partitions(),
                        events,
                        repeats,
                        accepted,
                        neverAccepted,
                        delivered,
                        withdrawn,
                        open,
                        requests,
                        openRequests,
                        purgedByReason,
                        purgedByLevel,
                        canaries,
                        scope.publications().policies().size(),
                        scope.publications().directories().count()),
                restrictedWithoutRequest,
                violations.listed(),
                violations.unlisted());
    }
}
