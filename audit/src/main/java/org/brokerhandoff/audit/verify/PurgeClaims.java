package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.verify.ConsentRules.at;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.brokerhandoff.audit.verify.Fact.Ground;
import org.brokerhandoff.audit.verify.Fact.ParkedCut;
import org.brokerhandoff.audit.verify.Fact.Purge;
import org.brokerhandoff.event.PurgeLevel;

/** What the purges of one partition claim, held against each other: no record's place is another's, no log begins further back again. */
public final class PurgeClaims {
    private final Map<Long, UUID> places = new HashMap<>();
    private final Map<UUID, List<String>> found = new HashMap<>();
    private final Starts starts = new Starts();
    private final Starts parkedStarts = new Starts();

    /** By when it was claimed, the furthest start of the log until then. */
    private static final class Starts {
        private NavigableMap<Long, Long> furthest = new TreeMap<>();

        void add(long claimedMillis, long start) {
            furthest.merge(claimedMillis, start, Math::max);
        }

        void settle() {
            long until = Long.MIN_VALUE;
            NavigableMap<Long, Long> settled = new TreeMap<>();
            for (Map.Entry<Long, Long> claim : furthest.entrySet()) {
                until = Math.max(until, claim.getValue());
                settled.put(claim.getKey(), until);
            }
            furthest = settled;
        }

        /** Where the log began, by what was claimed certainly before. */
        OptionalLong certainlyBefore(long millis) {
            Map.Entry<Long, Long> claim = furthest.lowerEntry(millis - ProcessClocks.MOST_APART_MILLIS);
            return claim == null ? OptionalLong.empty() : OptionalLong.of(claim.getValue());
        }
    }

    /** Takes all signups of the partition in. */
    void settle(Iterable<SignupFacts> signups, SlotUses slots) {
        for (SignupFacts signup : signups) {
            signup.all(Purge.class).forEach(this::start);
        }
        starts.settle();
        parkedStarts.settle();
        for (SignupFacts signup : signups) {
            List<String> sentences = new ArrayList<>();
            List<Purge> purges = signup.all(Purge.class);
            purges.forEach(purge -> {
                place(signup.signupId(), purge, sentences);
                fallen(purge, sentences);
            });
            before(signup, sentences);
            purges.stream()
                    .filter(purge -> purges.stream()
                            .limit(purges.indexOf(purge))
                            .noneMatch(earlier ->
                                    earlier.slot() == purge.slot() && earlier.generation() == purge.generation()))
                    .filter(purge -> slots.taken(purge.slot(), purge.generation(), purge.keyErasedAtMillis()))
                    .map(purge -> "its key was in slot " + purge.slot() + ", generation " + purge.generation()
                            + ", as that of another signup, and no service was started between")
                    .forEach(sentences::add);
            if (!sentences.isEmpty()) {
                found.put(signup.signupId(), sentences.stream().distinct().toList());
            }
        }
    }

    private void start(Purge purge) {
        Long start = purge.startOffset();
        if (purge.level() != PurgeLevel.UNREADABLE && start != null) {
            starts.add(purge.purgedAtMillis(), start);
            ParkedCut parked = purge.parked();
            if (parked != null) {
                parkedStarts.add(purge.purgedAtMillis(), parked.startOffset());
            }
        }
    }

    private void place(UUID signup, Purge purge, List<String> sentences) {
        Long offset = purge.offset();
        UUID first = offset == null ? null : places.putIfAbsent(offset, signup);
        if (first != null && !first.equals(signup)) {
            sentences.add("its record is said to have stood at offset " + offset + ", as that of " + first);
        }
    }

    private void fallen(Purge purge, List<String> sentences) {
        Long start = purge.startOffset();
        Long cut = purge.cutConfirmedAtMillis();
        if (purge.level() == PurgeLevel.UNREADABLE || start == null || cut == null) {
            return;
        }
        starts.certainlyBefore(cut)
                .ifPresent(earlier -> fallen("signups", start, earlier, purge.purgedAtMillis(), sentences));
        ParkedCut parked = purge.parked();
        if (parked != null) {
            parkedStarts
                    .certainlyBefore(parked.cutConfirmedAtMillis())
                    .ifPresent(earlier ->
                            fallen("signups-parked", parked.startOffset(), earlier, purge.purgedAtMillis(), sentences));
        }
    }

    private static void fallen(String topic, long start, long earlier, long claimedMillis, List<String> sentences) {
        if (start < earlier) {
            sentences.add("at " + at(claimedMillis) + " " + topic + " is said to begin at " + start
                    + ", and by a claim of before it began at " + earlier);
        }
    }

    /** A record is appended after its signup was received, behind whatever had been cut by then. */
    private void before(SignupFacts signup, List<String> sentences) {
        OptionalLong offset = SeenRules.offset(signup);
        OptionalLong received = signup.all(Ground.class).stream()
                .mapToLong(Ground::receivedAtMillis)
                .min();
        if (offset.isEmpty() || received.isEmpty()) {
            return;
        }
        OptionalLong began = starts.certainlyBefore(received.getAsLong());
        if (began.isPresent() && offset.getAsLong() < began.getAsLong()) {
            sentences.add("its record is said to have stood at offset " + offset.getAsLong() + ", but signups began at "
                    + began.getAsLong() + " before it was received");
        }
    }

    /** What contradicts what other purges claim. */
    List<String> contradictions(SignupFacts signup) {
        return found.getOrDefault(signup.signupId(), List.of());
    }
}
