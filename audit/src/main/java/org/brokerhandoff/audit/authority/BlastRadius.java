package org.brokerhandoff.audit.authority;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.brokerhandoff.audit.verify.ProcessClocks;
import org.brokerhandoff.event.DataCategory;

/**
 * Who is affected if an intruder had this installation's memory and disks between two moments: what a controller has to report to an
 * authority within 72 hours (Art. 33(3) GDPR), and whom it has to inform (Art. 34), as far as the log shows.
 *
 * <p>A signup is <em>readable</em> while its key exists, from its receipt to the key's destruction. It is <em>sealed only</em> from then
 * until its record is cut from the topics, or, without evidence of the cut, until the retention ends: a copy made then cannot be decrypted.
 * In doubt a signup counts as readable: times are taken by processes whose clocks differ.
 *
 * @param from the beginning
 * @param to the end, inclusive
 * @param readAt when the log was read
 * @param readable those whose data could be read, by the time of receipt
 * @param sealedOnly number of other signups that were present sealed, without a key
 * @param signups number of signups in the log
 */
public record BlastRadius(
        Instant from, Instant to, Instant readAt, List<Concerned> readable, long sealedOnly, long signups) {
    /** Most pairs of times were taken by two processes. */
    private static final Duration CLOCKS = Duration.ofMillis(ProcessClocks.MOST_APART_MILLIS);

    /**
     * A signup whose data was readable at some time in the period.
     *
     * @param readableFrom the later of its receipt and {@link BlastRadius#from}
     * @param readableTo the earlier of its key's destruction and {@link BlastRadius#to}
     * @param stillHeld whether its key existed at the end
     * @param sentTo brokers that may have received it in the period, by the attempts that started
     */
    public record Concerned(
            UUID signupId,
            Instant readableFrom,
            Instant readableTo,
            boolean stillHeld,
            Optional<String> country,
            Set<DataCategory> categories,
            List<String> sentTo) {}

    /** Copies the list. */
    public BlastRadius {
        readable = List.copyOf(readable);
    }

    /** Numbers by the country of residence; the empty key counts those without one in the log. */
    public SortedMap<String, Long> byCountry() {
        SortedMap<String, Long> counts = new TreeMap<>();
        readable.forEach(each -> counts.merge(each.country().orElse(""), 1L, Long::sum));
        return counts;
    }

    /** Numbers by category of data. */
    public SortedMap<DataCategory, Long> byCategory() {
        SortedMap<DataCategory, Long> counts = new TreeMap<>();
        readable.forEach(each -> each.categories().forEach(category -> counts.merge(category, 1L, Long::sum)));
        return counts;
    }

    /** Numbers by broker that may have received the data in the period. */
    public SortedMap<String, Long> byRecipient() {
        SortedMap<String, Long> counts = new TreeMap<>();
        readable.forEach(each -> each.sentTo().forEach(broker -> counts.merge(broker, 1L, Long::sum)));
        return counts;
    }

    /** How many were still held at the end. */
    public long stillHeld() {
        return readable.stream().filter(Concerned::stillHeld).count();
    }

    /** Receives exposures one at a time and keeps the affected ones. */
    public static final class Collector {
        private final Instant from;
        private final Instant to;
        private final List<Concerned> readable = new ArrayList<>();
        private long sealedOnly;
        private long signups;

        /**
         * Starts with none.
         *
         * @throws IllegalArgumentException if {@code to} is before {@code from}
         */
        public Collector(Instant from, Instant to) {
            if (to.isBefore(from)) {
                throw new IllegalArgumentException("the end, " + to + ", is before the beginning, " + from);
            }
            this.from = from;
            this.to = to;
        }

        /** Adds an exposure. */
        public void add(Exposure exposure) {
            signups++;
            boolean begun = !exposure.heldFrom().isAfter(to.plus(CLOCKS));
            if (!begun) {
                return;
            }
            if (ended(exposure.keyDestroyedAt())) {
                sealedOnly += ended(exposure.unreachableAt().or(exposure::eraseBy)) ? 0 : 1;
            } else {
                readable.add(readable(exposure));
            }
        }

        /** Whether it had certainly ended before the beginning. */
        private boolean ended(Optional<Instant> at) {
            return at.filter(end -> end.plus(CLOCKS).isBefore(from)).isPresent();
        }

        private Concerned readable(Exposure exposure) {
            Instant end = exposure.keyDestroyedAt().filter(to::isAfter).orElse(to);
            return new Concerned(
                    exposure.signupId(),
                    exposure.heldFrom().isAfter(from) ? exposure.heldFrom() : from,
                    end,
                    exposure.keyDestroyedAt().filter(at -> !at.isAfter(to)).isEmpty(),
                    exposure.country(),
                    exposure.categories(),
                    exposure.contacts().stream()
                            .filter(contact -> !contact.startedAt().isAfter(to.plus(CLOCKS))
                                    && !contact.startedAt().plus(CLOCKS).isBefore(from))
                            .map(Exposure.Contact::broker)
                            .distinct()
                            .sorted()
                            .toList());
        }

        /** The result. */
        public BlastRadius found(Instant readAt) {
            List<Concerned> ordered = readable.stream()
                    .sorted(Comparator.comparing(Concerned::readableFrom).thenComparing(Concerned::signupId))
                    .toList();
            return new BlastRadius(from, to, readAt, ordered, sealedOnly, signups);
        }
    }
}
