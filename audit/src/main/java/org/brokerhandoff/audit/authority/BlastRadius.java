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
 * Who is concerned if an intruder had this installation's memory and disks between two moments: what a controller has to tell an authority
 * within 72 hours (Art. 33(3) GDPR), and whom it has to tell (Art. 34), as far as the log says.
 *
 * <p>A signup is <em>readable</em> while its key exists, from its receipt to the key's destruction. It is <em>sealed only</em> from then until
 * its record is cut from the topics, or, where nothing says that it was, until the retention ends: a copy that was made of the record then is
 * bytes that cannot be opened. In doubt a signup counts as readable: times are taken by processes whose clocks differ.
 *
 * @param from the beginning
 * @param to the end, inclusive
 * @param readAt when the log was read
 * @param readable those whose data could be read, by the time of receipt
 * @param sealedOnly how many others lay there sealed, without a key
 * @param signups how many the log knows of
 */
public record BlastRadius(
        Instant from, Instant to, Instant readAt, List<Concerned> readable, long sealedOnly, long signups) {
    /** Two processes took most pairs of times. */
    private static final Duration CLOCKS = Duration.ofMillis(ProcessClocks.MOST_APART_MILLIS);

    /**
     * A signup whose data could be read at some time in between.
     *
     * @param readableFrom the later of its receipt and {@link BlastRadius#from}
     * @param readableTo the earlier of its key's destruction and {@link BlastRadius#to}
     * @param stillHeld whether its key was there at the end
     * @param sentTo brokers that may have got it in between, by the attempts that started
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

    /** Numbers by the country of residence; under the empty text those of whom the log does not say one. */
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

    /** Numbers by broker that may have got the data in between. */
    public SortedMap<String, Long> byRecipient() {
        SortedMap<String, Long> counts = new TreeMap<>();
        readable.forEach(each -> each.sentTo().forEach(broker -> counts.merge(broker, 1L, Long::sum)));
        return counts;
    }

    /** How many were still held at the end. */
    public long stillHeld() {
        return readable.stream().filter(Concerned::stillHeld).count();
    }

    /** Takes exposures one at a time and keeps those that are concerned. */
    public static final class Collector {
        private final Instant from;
        private final Instant to;
        private final List<Concerned> readable = new ArrayList<>();
        private long sealedOnly;
        private long signups;

        /**
         * Begins with none.
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

        /** Takes one in. */
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

        /** Whether it was over, certainly, before the beginning. */
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

        /** What was found. */
        public BlastRadius found(Instant readAt) {
            List<Concerned> ordered = readable.stream()
                    .sorted(Comparator.comparing(Concerned::readableFrom).thenComparing(Concerned::signupId))
                    .toList();
            return new BlastRadius(from, to, readAt, ordered, sealedOnly, signups);
        }
    }
}
