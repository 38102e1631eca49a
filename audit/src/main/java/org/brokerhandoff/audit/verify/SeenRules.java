package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.verify.ConsentRules.at;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.Fact.Finish;
import org.brokerhandoff.audit.verify.Fact.Ground;
import org.brokerhandoff.audit.verify.Fact.Parking;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.schemas.Topic;

/** Rules on the records in the topics with sealed data: none leaves them that no router has read and finished. */
final class SeenRules {
    /** A decision takes moments; a takeover by another router, the old one's session timeout and a start. */
    private static final long DECISION_LIMIT_MILLIS = 120_000;

    static final Rule ACCOUNTED = Rule.ofOffsets(
            "offsets-accounted",
            "For every offset no longer in the topics with sealed data, a router has published what was there: a signup's record,"
                    + " a marker, or a record that was set aside.",
            (accounts, scope) -> {
                if (!scope.publications().recordsAccounted()) {
                    return List.of();
                }
                List<String> found = new ArrayList<>(accounts.impossible());
                for (SealedTopic topic : SealedTopic.values()) {
                    String name = Topic.of(topic).name("");
                    accounts.untold(topic)
                            .forEach(hole ->
                                    found.add("no router published what was in " + name + " at the offsets " + hole));
                    accounts.neverSetAside(topic)
                            .forEach(offset -> found.add("what stood in " + name + " at offset " + offset
                                    + " is reported to have been set aside, but there is no SetAside of it"));
                }
                return found;
            });

    static final Rule SEEN = Rule.ofLife(
            "accepted-seen",
            "Every accepted signup was seen by a router, which finished its record only when its key was destroyed or a later"
                    + " record continued it.",
            (signup, accounts, scope) -> {
                if (!scope.publications().recordsAccounted()) {
                    return List.of();
                }
                List<String> found = new ArrayList<>();
                signup.all(PurgeFact.class).stream()
                        .flatMap(purge -> unseen(signup, purge, accounts))
                        .distinct()
                        .forEach(found::add);
                found.addAll(dropped(signup));
                found.addAll(readAfterAll(signup));
                return found;
            });

    static final List<Rule> ALL = List.of(ACCOUNTED, SEEN);

    private SeenRules() {}

    /** The position of a signup's first record in the topic of signups, if stated anywhere. */
    static OptionalLong offset(SignupFacts signup) {
        return LongStream.concat(
                        signup.all(Finish.class).stream()
                                .filter(finish -> finish.topic() == SealedTopic.SIGNUPS)
                                .mapToLong(Finish::offset),
                        signup.all(PurgeFact.class).stream()
                                .map(PurgeFact::offset)
                                .filter(Objects::nonNull)
                                .mapToLong(Long::longValue))
                .min();
    }

    private static Stream<String> unseen(SignupFacts signup, PurgeFact purge, RecordAccounts accounts) {
        List<Finish> finishes = signup.all(Finish.class);
        List<String> found = new ArrayList<>();
        Long offset = purge.offset();
        if (offset != null && accounts.saysSetAside(SealedTopic.SIGNUPS, offset)) {
            // It was unreadable, so no router could know its signup; ingest had noted its position in the slot.
            return Stream.empty();
        }
        if (offset != null
                && accounts.tells(SealedTopic.SIGNUPS, offset)
                && finishes.stream()
                        .noneMatch(finish -> finish.topic() == SealedTopic.SIGNUPS && finish.offset() == offset)) {
            found.add("its purge names offset " + offset + ", where a router found something else");
        }
        if (purge.level() != PurgeLevel.UNREADABLE
                && finishes.stream().noneMatch(finish -> finish.end() == RecordEnd.ENDED)) {
            found.add("it claims " + purge.level() + ", but no router reported its record as finished");
        }
        return found.stream();
    }

    /** A record was given up although the signup had events before it. */
    private static List<String> dropped(SignupFacts signup) {
        List<String> found = new ArrayList<>();
        OptionalLong erased = signup.all(PurgeFact.class).stream()
                .mapToLong(PurgeFact::keyErasedAtMillis)
                .min();
        for (Finish finish : signup.all(Finish.class)) {
            if (finish.end() == RecordEnd.ENDED
                    && erased.isPresent()
                    && ProcessClocks.certainlyBefore(finish.finishedAtMillis(), erased.getAsLong())) {
                found.add("a router finished its record at " + at(finish.finishedAtMillis())
                        + ", but its key was destroyed only at " + at(erased.getAsLong()));
            } else if (finish.end() == RecordEnd.MOVED_ON && erased.isPresent() && !goesOn(signup, finish)) {
                found.add("a router finished its record at " + at(finish.finishedAtMillis())
                        + " for a later one, but it was never parked, and no later record of it was ever read");
            }
        }
        return found;
    }

    /**
     * It is reported as unreadable, although a router finished its record as that of any signup. So does a router that finds the key
     * destroyed for that reason by another process, or custody without the slot: neither has seen how the key was read back.
     */
    private static List<String> readAfterAll(SignupFacts signup) {
        return signup.all(PurgeFact.class).stream()
                .filter(purge -> purge.reason() == PurgeReason.INVALID && purge.readBack() != ReadBack.UNOBSERVED)
                .filter(purge -> !signup.has(Parking.class)
                        && signup.all(Finish.class).stream()
                                .anyMatch(finish -> finish.topic() == SealedTopic.SIGNUPS
                                        && finish.end() == RecordEnd.ENDED
                                        && Objects.equals(finish.offset(), purge.offset())))
                .map(purge -> "its purge says INVALID, but a router read and finished its record at offset "
                        + purge.offset() + "")
                .distinct()
                .toList();
    }

    /** Whether anything followed the record: a parked copy, or a repeat that ingest published after a crash. */
    private static boolean goesOn(SignupFacts signup, Finish finish) {
        return signup.has(Parking.class)
                || signup.all(Finish.class).stream()
                        .anyMatch(later -> later.topic() == finish.topic()
                                && later.offset() > finish.offset()
                                && later.end() == RecordEnd.ENDED)
                || signup.all(PurgeFact.class).stream()
                        .map(PurgeFact::offset)
                        .anyMatch(offset -> offset != null && offset > finish.offset());
    }

    /**
     * A signup that expired without any decision.
     *
     * @param offset position of its first record in the topic of signups
     */
    record Undecided(long offset, long expiryMillis) {
        /** The fault if a later record was first decided then. */
        Optional<String> overtaken(long decidedMillis) {
            return decidedMillis + DECISION_LIMIT_MILLIS < expiryMillis
                    ? Optional.of("it expired at " + at(expiryMillis)
                            + " and no router ever decided about it, although a later record in"
                            + " signups was decided at " + at(decidedMillis))
                    : Optional.empty();
        }
    }

    /** Whether it expired without a decision. */
    static Optional<Undecided> undecided(SignupFacts signup) {
        OptionalLong offset = offset(signup);
        boolean expired = signup.all(PurgeFact.class).stream().anyMatch(purge -> purge.reason() == PurgeReason.EXPIRED);
        boolean lookedAt = signup.all().stream()
                .anyMatch(fact -> fact instanceof Fact.Assignment
                        || fact instanceof Fact.Contact
                        || fact instanceof Fact.Postponement
                        || fact instanceof Parking
                        || fact instanceof Fact.Undeliverable);
        if (!expired || lookedAt || offset.isEmpty() || !signup.has(Ground.class)) {
            return Optional.empty();
        }
        long expiry = signup.all(Ground.class).stream()
                .mapToLong(ground -> PurgeRules.keyExpiry(ground).toEpochMilli())
                .min()
                .orElseThrow();
        return Optional.of(new Undecided(offset.getAsLong(), expiry));
    }
}
