package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.verify.ConsentRules.at;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.brokerhandoff.audit.verify.Fact.Acceptance;
import org.brokerhandoff.audit.verify.Fact.Ground;
import org.brokerhandoff.audit.verify.Fact.Undeliverable;
import org.brokerhandoff.audit.verify.Fact.Withdrawal;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.schemas.HoldTimes;

/** Rules on the purge: it exists, in time, for the stated reason. */
final class PurgeRules {
    static final Rule IN_TIME = Rule.ofSignup(
            "purged-in-time",
            "Every accepted signup is purged, and its key destroyed, by the time promised with its consent, or extended by a preservation order.",
            (signup, scope) -> {
                OptionalLong promised = deadline(signup);
                OptionalLong deadline = due(signup);
                if (deadline.isEmpty()) {
                    return List.of();
                }
                List<PurgeFact> purges = signup.all(PurgeFact.class);
                if (purges.isEmpty()) {
                    if (!open(signup, scope.now())) {
                        return List.of(
                                "it had to be purged by " + at(deadline.getAsLong()) + ", but there is no Purged");
                    }
                    return scope.complete()
                            ? List.of("it is not purged yet; its time ends at " + at(deadline.getAsLong()))
                            : List.of();
                }
                List<String> found = new ArrayList<>();
                // A service that died after publishing a purge publishes it again, with the time of that claim: the
                // first in the log counts, so that a later one cannot repair it.
                long purged = purges.get(0).purgedAtMillis();
                if (purged > deadline.getAsLong()) {
                    found.add("it was purged at " + at(purged) + ", after " + at(deadline.getAsLong()));
                }
                long erased = purges.get(0).keyErasedAtMillis();
                if (erased > deadline.getAsLong()) {
                    found.add("its key was destroyed at " + at(erased) + ", after " + at(deadline.getAsLong()));
                }
                if (purges.stream()
                        .map(PurgeFact::eraseByMillis)
                        .filter(Objects::nonNull)
                        .anyMatch(named -> named > promised.getAsLong())) {
                    found.add("the Purged names a later time than the " + at(promised.getAsLong())
                            + " that was promised");
                }
                return found;
            });

    static final Rule ONCE = Rule.ofSignup(
            "purged-once",
            "A signup id has one purge, of one key, and nothing is accepted or sent under it once that key is destroyed.",
            (signup, scope) -> {
                List<PurgeFact> purges = signup.all(PurgeFact.class);
                List<String> found = new ArrayList<>();
                long keys = purges.stream()
                        .map(purge -> purge.slot() + "/" + purge.generation())
                        .distinct()
                        .count();
                if (keys > 1) {
                    found.add("it was purged of " + keys + " different keys");
                }
                purges.stream()
                        .min(Comparator.comparingLong(PurgeFact::keyErasedAtMillis))
                        .ifPresent(first -> {
                            signup.all(Ground.class).stream()
                                    .map(ground -> after(first, ground.receivedAtMillis())
                                            .map(after ->
                                                    "it was received at " + at(ground.receivedAtMillis()) + after))
                                    .flatMap(Optional::stream)
                                    .forEach(found::add);
                            signup.contacts()
                                    .map(contact -> after(first, contact.startedAtMillis())
                                            .map(after -> "an attempt to " + contact.broker() + " started at "
                                                    + at(contact.startedAtMillis()) + after))
                                    .flatMap(Optional::stream)
                                    .forEach(found::add);
                        });
                return found.stream().distinct().toList();
            });

    static final Rule REASON = Rule.ofSignup(
            "purge-reason",
            "The reason of a purge agrees with the rest of the log.",
            (signup, scope) -> signup.all(PurgeFact.class).stream()
                    .flatMap(purge -> objections(signup, purge).stream())
                    .distinct()
                    .toList());

    static final List<Rule> ALL = List.of(IN_TIME, ONCE, REASON);

    private PurgeRules() {}

    /** The parts of a purge before this moment, if its key had certainly been destroyed. */
    private static Optional<String> after(PurgeFact purge, long momentMillis) {
        if (ProcessClocks.certainlyBefore(purge.purgedAtMillis(), momentMillis)) {
            return Optional.of(", after its purge at " + at(purge.purgedAtMillis()));
        }
        return ProcessClocks.certainlyBefore(purge.keyErasedAtMillis(), momentMillis)
                ? Optional.of(", after its key was destroyed at " + at(purge.keyErasedAtMillis()))
                : Optional.empty();
    }

    /** Whether an accepted signup still waits for its purge, within its deadline. */
    static boolean open(SignupFacts signup, Instant now) {
        OptionalLong deadline = signup.has(PurgeFact.class) ? OptionalLong.empty() : due(signup);
        return deadline.isPresent() && now.toEpochMilli() <= deadline.getAsLong();
    }

    /** The promise: the consent's. Without a consent, the purge's statement about the sealed record; possibly none. */
    private static OptionalLong deadline(SignupFacts signup) {
        List<Ground> consents = signup.all(Ground.class);
        LongStream deadlines = consents.isEmpty()
                ? signup.all(PurgeFact.class).stream()
                        .map(PurgeFact::eraseByMillis)
                        .filter(Objects::nonNull)
                        .mapToLong(Long::longValue)
                : consents.stream().mapToLong(Ground::eraseByMillis);
        return deadlines.min();
    }

    /** Deadline for its purge: as promised, or as set by a granted order. */
    private static OptionalLong due(SignupFacts signup) {
        OptionalLong promised = deadline(signup);
        return promised.isPresent()
                ? OptionalLong.of(PreservationRules.eraseByMillis(signup, promised.getAsLong()))
                : promised;
    }

    private static List<String> objections(SignupFacts signup, PurgeFact purge) {
        List<String> found = new ArrayList<>();
        boolean accepted = signup.has(Acceptance.class);
        switch (purge.reason()) {
            case DELIVERED -> {
                if (!accepted) {
                    found.add("it says DELIVERED, but there is no Delivered");
                }
            }
            case WITHDRAWN -> {
                if (!signup.has(Withdrawal.class)) {
                    found.add("it says WITHDRAWN, but there is no ConsentWithdrawn");
                }
            }
            case UNDELIVERABLE -> {
                if (!signup.has(Undeliverable.class)) {
                    found.add("it says UNDELIVERABLE, but there is no Undeliverable");
                }
            }
            case EXPIRED ->
                signup.first(Ground.class).ifPresent(consent -> {
                    // A Delivered besides is no contradiction: the sweeper destroys keys at their expiry while an
                    // acceptance waits for Kafka, or for a router that is down. A destruction before the expiry had
                    // another reason.
                    Instant expiry = keyExpiry(consent);
                    if (ProcessClocks.certainlyBefore(purge.keyErasedAtMillis(), expiry.toEpochMilli())) {
                        found.add("it says EXPIRED, but the key was destroyed at " + at(purge.keyErasedAtMillis())
                                + " and expired only at " + expiry);
                    }
                });
            case INVALID -> {}
            case LOST -> {
                // A Delivered besides is no contradiction, as with EXPIRED.
                if (purge.readBack() != ReadBack.CELLS) {
                    found.add(
                            "it says LOST, but not that cells read the key back as zero: keys are lost in no other way");
                }
            }
        }
        if (accepted && (purge.reason() == PurgeReason.UNDELIVERABLE || purge.reason() == PurgeReason.INVALID)) {
            found.add("it says " + purge.reason() + ", but there is a Delivered");
        }
        return found;
    }

    /** Expiry of the key that this basis was recorded with. */
    static Instant keyExpiry(Ground consent) {
        return HoldTimes.promised(
                        Instant.ofEpochMilli(consent.receivedAtMillis()), Instant.ofEpochMilli(consent.eraseByMillis()))
                .keyExpiry();
    }
}
