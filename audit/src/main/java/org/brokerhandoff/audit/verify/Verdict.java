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
 * Result of an audit.
 *
 * @param read identifies the log; empty in tests without one
 * @param now the auditor's clock, the reference for deadlines
 * @param complete whether a signup that is still open counts as a violation
 * @param counts what was read
 * @param restrictedWithoutRequest signups that were parked as restricted, without a request that explains it: not a violation, but a human
 *     has to act
 * @param violations violations of all rules, at most {@link #MOST_LISTED} per rule
 * @param unlisted by rule, the number of further violations
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
     * @param neverAccepted purges of unreadable records, and of keys whose request never ended in an acceptance
     * @param delivered signups that a broker accepted
     * @param withdrawn signups whose consent was withdrawn
     * @param open accepted signups without a purge, within their deadline
     * @param requests people's requests about their signups
     * @param openRequests requests among them that are not answered yet
     * @param purgedByReason signups with a purge
     * @param purgedByLevel the same, by the highest level claimed
     * @param canaries retention canaries, by result
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

    /** Output style of a verdict. */
    public enum Style {
        /** Plain text. */
        PLAIN,
        /** With the escape sequences of a terminal. */
        COLOURED
    }

    /** Limit of listed violations per rule. */
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

    /** The codes of the violated rules. */
    public Set<String> brokenRules() {
        return violations.stream().map(Violation::rule).collect(Collectors.toUnmodifiableSet());
    }

    /** The signups that violate {@code rule}. */
    public Set<UUID> signupsBreaking(String rule) {
        return violations.stream()
                .filter(violation -> violation.rule().equals(rule))
                .flatMap(violation -> violation.signupId().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** For people: the counts, then up to 20 violations for each violated rule. Ends with a line break. */
    public String render(Style style) {
        return VerdictText.of(this, style);
    }

    /** For programs: all of it as one JSON object. Ends with a line break. */
    public String json() {
        return VerdictJson.of(this);
    }
}
