package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;

/**
 * What an audit found.
 *
 * @param read which log it is about; empty in tests without one
 * @param now the auditor's clock, by which deadlines were judged
 * @param complete whether a signup that is still open counts as a violation
 * @param counts what was read
 * @param restrictedWithoutRequest signups that waited because they were restricted, without a request that says why: no breach, but to be
 *     looked after
 * @param violations the breaches of every rule, of each at most {@link #MOST_LISTED}
 * @param unlisted by rule, how many breaches there are beside those
 */
public record Verdict(
        Optional<LogRead> read,
        Instant now,
        boolean complete,
        Counts counts,
        List<UUID> restrictedWithoutRequest,
        List<Violation> violations,
        Map<String, Long> unlisted) {

    /**
     * What was read.
     *
     * @param partitions partitions of each kept topic
     * @param events records in all of them
     * @param repeats events among them that had been published before
     * @param accepted signups with a consent
     * @param neverAccepted purges of records that could not be read, and of keys whose request never ended in an acceptance
     * @param delivered signups that a broker accepted
     * @param withdrawn signups whose consent was withdrawn
     * @param open accepted signups without a purge whose time is not over
     * @param requests what people asked as to their signups
     * @param openRequests requests among them that are not answered yet
     * @param purgedByReason signups with a purge
     * @param purgedByLevel the same, by the highest level claimed
     * @param canaries retention canaries, by what became of them
     * @param policies policy publications
     * @param directories directory versions
     */
    public record Counts(
            int partitions,
            long events,
            long repeats,
            long accepted,
            long neverAccepted,
            long delivered,
            long withdrawn,
            long open,
            long requests,
            long openRequests,
            Map<PurgeReason, Long> purgedByReason,
            Map<PurgeLevel, Long> purgedByLevel,
            Map<CanaryVerdict, Long> canaries,
            long policies,
            long directories) {
        /** Copies the maps. */
        public Counts {
            purgedByReason = Map.copyOf(purgedByReason);
            purgedByLevel = Map.copyOf(purgedByLevel);
            canaries = Map.copyOf(canaries);
        }

        /** Signups with a purge. */
        public long purged() {
            return purgedByReason.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** How a verdict is written for people. */
    public enum Style {
        /** Text alone. */
        PLAIN,
        /** With the escape sequences of a terminal. */
        COLOURED
    }

    /** So many breaches of one rule are listed. */
    public static final int MOST_LISTED = 10_000;

    /** Copies the lists. */
    public Verdict {
        unlisted = Map.copyOf(unlisted);
        restrictedWithoutRequest = List.copyOf(restrictedWithoutRequest);
        violations = List.copyOf(violations);
    }

    /** Whether every rule holds. */
    public boolean holds() {
        return violations.isEmpty();
    }

    /** The codes of the rules that do not hold. */
    public Set<String> brokenRules() {
        return violations.stream().map(Violation::rule).collect(Collectors.toUnmodifiableSet());
    }

    /** The signups for which {@code rule} does not hold. */
    public Set<UUID> signupsBreaking(String rule) {
        return violations.stream()
                .filter(violation -> violation.rule().equals(rule))
                .flatMap(violation -> violation.signupId().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** For people: the counts, then for each broken rule up to 20 violations. Ends with a line break. */
    public String render(Style style) {
        return VerdictText.of(this, style);
    }

    /** For programs: all of it as one JSON object. Ends with a line break. */
    public String json() {
        return VerdictJson.of(this);
    }
}
