package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.brokerhandoff.audit.replay.Directories;
import org.brokerhandoff.country.CountryRule;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;

/**
 * The published versions of the rules per country. Events do not state which version a service applied: as with a directory, any that may
 * have been {@linkplain #inForce in force} is accepted.
 *
 * @param oldestFirst the versions by the time of their publication
 * @param faults publications that no service makes, as sentences
 */
public record CountryRuleVersions(List<Version> oldestFirst, List<String> faults) {
    /** A version, as published by one service. */
    public record Version(Instant publishedAt, CountryRules rules) {}

    /** Copies the lists. */
    public CountryRuleVersions {
        oldestFirst = oldestFirst.stream()
                .sorted(Comparator.comparing(Version::publishedAt))
                .toList();
        faults = List.copyOf(faults);
    }

    /** The versions that {@code events} publish. */
    static CountryRuleVersions of(Collection<CountryRulesPublished> events, EventCodec codec) {
        List<Version> versions = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (CountryRulesPublished event : events) {
            versions.add(new Version(event.getPublishedAt(), CountryRules.of(event)));
            CountryRules.faults(event, codec)
                    .forEach(fault -> faults.add(
                            "the version " + Digests.hex(event.getDigest()) + " of the rules per country " + fault));
        }
        return new CountryRuleVersions(
                versions, faults.stream().distinct().sorted().toList());
    }

    /**
     * The rules for people in {@code country} by the versions that may have been in force at {@code at}: the newest one before, and those
     * published within the {@linkplain Directories#TOLERANCE tolerance} of that moment. Before the first one only the GDPR applies.
     */
    List<CountryRule> inForce(Optional<String> country, Instant at) {
        List<CountryRule> found = new ArrayList<>();
        for (int i = oldestFirst.size() - 1; i >= 0; i--) {
            Version version = oldestFirst.get(i);
            if (version.publishedAt().isAfter(at.plus(Directories.TOLERANCE))) {
                continue;
            }
            found.add(version.rules().of(country));
            if (!version.publishedAt().isAfter(at.minus(Directories.TOLERANCE))) {
                return found;
            }
        }
        found.add(CountryRule.GDPR);
        return found;
    }

    /** Whether {@code rule} holds by any version that may have been in force. */
    boolean permit(Optional<String> country, Instant at, Predicate<CountryRule> rule) {
        return inForce(country, at).stream().anyMatch(rule);
    }

    /** Latest deadline for the answer to a request of that time, in milliseconds. */
    long latestDueMillis(Optional<String> country, long requestedAtMillis) {
        Instant requestedAt = Instant.ofEpochMilli(requestedAtMillis);
        return inForce(country, requestedAt).stream()
                .mapToLong(rule -> rule.answers().dueAt(requestedAt).toEpochMilli())
                .max()
                .orElseThrow();
    }

    /** As above, for a request that was extended at that time. */
    long latestExtendedMillis(Optional<String> country, long requestedAtMillis, long extendedAtMillis) {
        return inForce(country, Instant.ofEpochMilli(extendedAtMillis)).stream()
                .mapToLong(rule -> rule.answers()
                        .extendedDueAt(Instant.ofEpochMilli(requestedAtMillis))
                        .toEpochMilli())
                .max()
                .orElseThrow();
    }
}
