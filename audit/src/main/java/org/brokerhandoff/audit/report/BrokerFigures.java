package org.brokerhandoff.audit.report;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.brokerhandoff.event.ExclusionReason;

/** Outcomes of signups at one broker, by country of residence. Not thread-safe. */
final class BrokerFigures {
    /** Countries form a closed list, so a valid log never reaches this. */
    private static final int MOST_COUNTRIES = 300;

    /** Outcomes for one country. */
    static final class Course {
        final Ids assigned = new Ids();
        final Ids accepted = new Ids();
        final Ids refused = new Ids();
    }

    final Course all = new Course();
    final SortedMap<String, Course> byCountry = new TreeMap<>();
    final Map<ExclusionReason, Ids> exclusions = new EnumMap<>(ExclusionReason.class);

    void assigned(String country, UUID signup) {
        all.assigned.add(signup);
        course(country).assigned.add(signup);
    }

    void accepted(String country, UUID signup) {
        all.accepted.add(signup);
        course(country).accepted.add(signup);
    }

    void refused(String country, UUID signup) {
        all.refused.add(signup);
        course(country).refused.add(signup);
    }

    void excluded(ExclusionReason reason, UUID signup) {
        exclusions.computeIfAbsent(reason, unused -> new Ids()).add(signup);
    }

    long excluded() {
        return exclusions.values().stream().mapToLong(Ids::count).sum();
    }

    private Course course(String country) {
        return byCountry.computeIfAbsent(
                byCountry.size() < MOST_COUNTRIES ? country : Figures.NO_COUNTRY, unused -> new Course());
    }
}
