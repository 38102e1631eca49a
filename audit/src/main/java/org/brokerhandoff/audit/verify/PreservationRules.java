package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.verify.ConsentRules.at;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.DisclosureFact.Entry;
import org.brokerhandoff.audit.verify.DisclosureFact.Release;
import org.brokerhandoff.audit.verify.DisclosureFact.Ruling;
import org.brokerhandoff.audit.verify.Fact.Ground;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.schemas.HoldTimes;

/** Rules on preservation orders: what may postpone {@code eraseBy}, and that it is then postponed, and only then. */
final class PreservationRules {
    static final Rule ORDERED = Rule.ofSignup(
            "preservation-ordered",
            "A signup is kept beyond its promise only as ordered by an authority or a court, granted by an actor other than the one who entered it, in time and for at most 90 days.",
            (signup, scope) -> Stream.concat(
                            judged(signup).stream().flatMap(judged -> judged.objections().stream()),
                            signup.all(Release.class).stream()
                                    .filter(release -> ruling(signup, release).isEmpty())
                                    .map(release -> "the disclosure request " + release.requestId()
                                            + " was released, but no hold was granted on it before"))
                    .distinct()
                    .toList());

    static final Rule KEPT = Rule.ofSignup(
            "preservation-kept",
            "No key is destroyed for its age while a granted order preserves it.",
            (signup, scope) -> {
                List<String> found = new ArrayList<>();
                for (PurgeFact purge : signup.all(PurgeFact.class)) {
                    holds(signup)
                            .filter(hold -> purge.reason() == PurgeReason.EXPIRED
                                    && ProcessClocks.certainlyBefore(purge.keyErasedAtMillis(), hold.keyEndMillis()))
                            .map(hold -> "its key was destroyed for its age at " + at(purge.keyErasedAtMillis())
                                    + ", and the disclosure request " + hold.requestId() + " has it kept until "
                                    + at(hold.keyEndMillis()))
                            .forEach(found::add);
                }
                return found.stream().distinct().toList();
            });

    static final Rule UNSENT = Rule.ofSignup(
            "preservation-unsent", "A signup preserved beyond its own time is sent to no broker.", (signup, scope) -> {
                OptionalLong expiry = holds(signup).findAny().isPresent() ? expiry(signup) : OptionalLong.empty();
                return signup.contacts()
                        .filter(contact -> expiry.isPresent()
                                && ProcessClocks.certainlyBefore(expiry.getAsLong(), contact.startedAtMillis()))
                        .map(contact -> "an attempt to " + contact.broker() + " started at "
                                + at(contact.startedAtMillis()) + "; its own time ended at " + at(expiry.getAsLong()))
                        .distinct()
                        .toList();
            });

    static final List<Rule> ALL = List.of(ORDERED, KEPT, UNSENT);

    private PreservationRules() {}

    /**
     * A valid hold.
     *
     * @param eraseByMillis the resulting deadline for the proof of the purge
     * @param keyEndMillis until when the key is kept for it
     */
    record Hold(UUID requestId, long eraseByMillis, long keyEndMillis) {}

    /** A granted hold, with its faults; without any, it is valid. */
    private record Judged(Ruling ruling, HoldTimes times, List<String> objections) {}

    /** Deadline for the proof of a signup's purge, if {@code promisedMillis} was promised. */
    static long eraseByMillis(SignupFacts signup, long promisedMillis) {
        return Math.max(
                promisedMillis,
                holds(signup).mapToLong(Hold::eraseByMillis).max().orElse(promisedMillis));
    }

    private static Stream<Hold> holds(SignupFacts signup) {
        return judged(signup).stream()
                .filter(judged -> judged.objections().isEmpty())
                .map(judged -> {
                    HoldTimes times = until(signup, judged.ruling(), judged.times());
                    return new Hold(
                            judged.ruling().requestId(),
                            times.eraseBy().toEpochMilli(),
                            times.keyExpiry().toEpochMilli());
                });
    }

    /** The end of a hold: its own, or that of the reserve after its release. */
    private static HoldTimes until(SignupFacts signup, Ruling ruling, HoldTimes times) {
        return signup.all(Release.class).stream()
                .filter(release -> release.requestId().equals(ruling.requestId()))
                .map(release -> times.until(
                        Instant.ofEpochMilli(release.releasedAtMillis()).plus(times.reserve())))
                .filter(released -> released.eraseBy().isBefore(times.eraseBy()))
                .findFirst()
                .orElse(times);
    }

    /** The granted holds, in log order; for each request the first decision. */
    private static List<Judged> judged(SignupFacts signup) {
        if (!signup.has(Ruling.class)) {
            return List.of();
        }
        Optional<HoldTimes> promised = promised(signup);
        List<Judged> judged = new ArrayList<>();
        Set<UUID> decided = new HashSet<>();
        for (Ruling ruling : signup.all(Ruling.class)) {
            Long until = ruling.preservedUntilMillis();
            if (!decided.add(ruling.requestId()) || until == null) {
                continue;
            }
            String name = "the hold of the disclosure request " + ruling.requestId() + " until " + at(until);
            if (promised.isEmpty()) {
                judged.add(new Judged(
                        ruling,
                        new HoldTimes(Instant.ofEpochMilli(until), Instant.ofEpochMilli(until)),
                        List.of(name + " is of no signup that was accepted")));
                continue;
            }
            HoldTimes before = judged.stream()
                    .filter(earlier -> earlier.objections().isEmpty())
                    .map(earlier -> releasedBefore(signup, earlier, ruling) ? promised.get() : earlier.times())
                    .reduce(promised.get(), (one, other) -> one.eraseBy().isBefore(other.eraseBy()) ? other : one);
            judged.add(new Judged(
                    ruling,
                    promised.get().until(Instant.ofEpochMilli(until)),
                    objections(signup, ruling, until, before).stream()
                            .map(objection -> name + objection)
                            .toList()));
        }
        return judged;
    }

    private static boolean releasedBefore(SignupFacts signup, Judged earlier, Ruling ruling) {
        return signup.all(Release.class).stream()
                .anyMatch(release ->
                        release.requestId().equals(earlier.ruling().requestId()) && release.offset() < ruling.offset());
    }

    private static List<String> objections(SignupFacts signup, Ruling ruling, long until, HoldTimes before) {
        List<String> found = new ArrayList<>();
        Optional<Entry> entered = signup.all(Entry.class).stream()
                .filter(entry -> entry.requestId().equals(ruling.requestId()) && entry.offset() < ruling.offset())
                .findFirst();
        if (entered.isEmpty()) {
            return List.of(" was not entered before");
        }
        Entry entry = entered.get();
        Long ordered = entry.preserveUntilMillis();
        if (ruling.decision() != RequestDecision.GRANTED
                || ordered == null
                || ordered != until
                || entry.byThirdParty()) {
            found.add(" is not one that an authority or a court had ordered and that was granted");
        }
        if (entry.actor().equals(ruling.actor())) {
            found.add(" was entered and granted by " + entry.actor());
        }
        if (until - entry.requestedAtMillis()
                > HoldTimes.LONGEST_PRESERVATION.toMillis() + ProcessClocks.MOST_APART_MILLIS) {
            found.add(" is for more than " + HoldTimes.LONGEST_PRESERVATION.toDays() + " days");
        }
        if (ProcessClocks.certainlyBefore(before.keyExpiry().toEpochMilli(), ruling.decidedAtMillis())) {
            found.add(" was granted at " + at(ruling.decidedAtMillis()) + ", although its key had to be destroyed by "
                    + before.keyExpiry());
        }
        return found;
    }

    private static Optional<Ruling> ruling(SignupFacts signup, Release release) {
        return signup.all(Ruling.class).stream()
                .filter(ruling -> ruling.requestId().equals(release.requestId())
                        && ruling.preservedUntilMillis() != null
                        && ruling.offset() < release.offset())
                .findFirst();
    }

    private static Optional<HoldTimes> promised(SignupFacts signup) {
        return signup.all(Ground.class).stream()
                .map(ground -> HoldTimes.promised(
                        Instant.ofEpochMilli(ground.receivedAtMillis()), Instant.ofEpochMilli(ground.eraseByMillis())))
                .min((one, other) -> one.eraseBy().compareTo(other.eraseBy()));
    }

    private static OptionalLong expiry(SignupFacts signup) {
        return promised(signup)
                .map(times -> OptionalLong.of(times.keyExpiry().toEpochMilli()))
                .orElse(OptionalLong.empty());
    }
}
