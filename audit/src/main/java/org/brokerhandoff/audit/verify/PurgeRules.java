package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.verify.ConsentRules.at;

import java.time.Duration;
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
import org.brokerhandoff.audit.verify.Fact.Parking;
import org.brokerhandoff.audit.verify.Fact.Purge;
import org.brokerhandoff.audit.verify.Fact.Undeliverable;
import org.brokerhandoff.audit.verify.Fact.Withdrawal;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.Topic;

/** Rules on the purge: there is one, in time, for the reason it gives, with the evidence its claim needs. */
final class PurgeRules {
    static final Rule IN_TIME = Rule.ofSignup(
            "purged-in-time",
            "Every accepted signup is purged, and its key destroyed, by the time that was promised with its consent.",
            (signup, scope) -> {
                OptionalLong deadline = deadline(signup);
                if (deadline.isEmpty()) {
                    return List.of();
                }
                List<Purge> purges = signup.all(Purge.class);
                if (purges.isEmpty()) {
                    if (!open(signup, scope.now())) {
                        return List.of(
                                "it had to be purged by " + at(deadline.getAsLong()) + ", but there is no Purged");
                    }
                    return scope.complete()
                            ? List.of("it is not purged; the time ends at " + at(deadline.getAsLong()))
                            : List.of();
                }
                List<String> found = new ArrayList<>();
                // A service that died after it had published a purge publishes it again, with the time of that
                // claim: the first in the log counts, so that no later one can cure it.
                long purged = purges.get(0).purgedAtMillis();
                if (purged > deadline.getAsLong()) {
                    found.add("it was purged at " + at(purged) + ", after " + at(deadline.getAsLong()));
                }
                long erased = purges.get(0).keyErasedAtMillis();
                if (erased > deadline.getAsLong()) {
                    found.add("its key was destroyed at " + at(erased) + ", after " + at(deadline.getAsLong()));
                }
                if (purges.stream()
                        .map(Purge::eraseByMillis)
                        .filter(Objects::nonNull)
                        .anyMatch(named -> named > deadline.getAsLong())) {
                    found.add("the Purged names a later time than the " + at(deadline.getAsLong())
                            + " that was promised");
                }
                return found;
            });

    static final Rule ONCE = Rule.ofSignup(
            "purged-once",
            "A signup id has one purge, of one key, and nothing is taken in or sent under it once that key is destroyed.",
            (signup, scope) -> {
                List<Purge> purges = signup.all(Purge.class);
                List<String> found = new ArrayList<>();
                long keys = purges.stream()
                        .map(purge -> purge.slot() + "/" + purge.generation())
                        .distinct()
                        .count();
                if (keys > 1) {
                    found.add("it was purged of " + keys + " different keys");
                }
                purges.stream()
                        .min(Comparator.comparingLong(Purge::keyErasedAtMillis))
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
            "The reason that a purge gives is the one that the rest of the log tells.",
            (signup, scope) -> signup.all(Purge.class).stream()
                    .flatMap(purge -> objections(signup, purge).stream())
                    .distinct()
                    .toList());

    static final Rule EVIDENCE = Rule.ofSignup(
            "purge-evidence",
            "A purge carries the evidence that its level needs.",
            (signup, scope) -> signup.all(Purge.class).stream()
                    .flatMap(purge -> missingEvidence(signup, purge, scope).stream())
                    .distinct()
                    .toList());

    static final Rule LEVEL = Rule.ofSignup(
            "purge-level-permitted",
            "No purge claims more than the examination of custody's place before it permits.",
            (signup, scope) -> signup.all(Purge.class).stream()
                    .flatMap(purge -> overclaim(purge, scope.publications()).stream())
                    .distinct()
                    .toList());

    static final Rule ERASURE = Rule.ofErasure(
            "erasure-observed",
            "A purge that claims ERASED rests on looks at the files of as many brokers as there were replicas, after the cut and"
                    + " before the claim, that found the record in none.",
            (signup, reports) -> signup.all(Purge.class).stream()
                    .flatMap(purge -> unobservedErasure(purge, reports).stream())
                    .distinct()
                    .toList());

    static final List<Rule> ALL = List.of(IN_TIME, ONCE, REASON, EVIDENCE, LEVEL, ERASURE);

    private PurgeRules() {}

    /** What of a purge came before this moment, if its key had certainly been destroyed. */
    private static Optional<String> after(Purge purge, long momentMillis) {
        if (ProcessClocks.certainlyBefore(purge.purgedAtMillis(), momentMillis)) {
            return Optional.of(", after its purge at " + at(purge.purgedAtMillis()));
        }
        return ProcessClocks.certainlyBefore(purge.keyErasedAtMillis(), momentMillis)
                ? Optional.of(", after its key was destroyed at " + at(purge.keyErasedAtMillis()))
                : Optional.empty();
    }

    /** Whether an accepted signup still waits for its purge, within its time. */
    static boolean open(SignupFacts signup, Instant now) {
        OptionalLong deadline = signup.has(Purge.class) ? OptionalLong.empty() : deadline(signup);
        return deadline.isPresent() && now.toEpochMilli() <= deadline.getAsLong();
    }

    /** The promise: the consent's. Without a consent, what the purge says of the sealed record; that may be nothing. */
    private static OptionalLong deadline(SignupFacts signup) {
        List<Ground> consents = signup.all(Ground.class);
        LongStream deadlines = consents.isEmpty()
                ? signup.all(Purge.class).stream()
                        .map(Purge::eraseByMillis)
                        .filter(Objects::nonNull)
                        .mapToLong(Long::longValue)
                : consents.stream().mapToLong(Ground::eraseByMillis);
        return deadlines.min();
    }

    private static List<String> objections(SignupFacts signup, Purge purge) {
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
                    // A Delivered beside it is no contradiction: the sweeper destroys keys at their
                    // expiry while an acceptance waits for Kafka, or for a router that is down.
                    // Destroyed before the expiry, though, it was for another reason.
                    Instant expiry = keyExpiry(consent);
                    if (ProcessClocks.certainlyBefore(purge.keyErasedAtMillis(), expiry.toEpochMilli())) {
                        found.add("it says EXPIRED, but the key was destroyed at " + at(purge.keyErasedAtMillis())
                                + " and expired only at " + expiry);
                    }
                });
            case INVALID -> {}
        }
        if (accepted && (purge.reason() == PurgeReason.UNDELIVERABLE || purge.reason() == PurgeReason.INVALID)) {
            found.add("it says " + purge.reason() + ", but there is a Delivered");
        }
        return found;
    }

    /** When the key that this ground was recorded with expires. */
    static Instant keyExpiry(Ground consent) {
        Instant received = Instant.ofEpochMilli(consent.receivedAtMillis());
        return HoldTimes.of(received, Duration.between(received, Instant.ofEpochMilli(consent.eraseByMillis())))
                .keyExpiry();
    }

    private static List<String> missingEvidence(SignupFacts signup, Purge purge, Scope scope) {
        List<String> found = new ArrayList<>();
        if (ProcessClocks.certainlyBefore(purge.purgedAtMillis(), purge.keyErasedAtMillis())) {
            found.add("the purge was claimed at " + at(purge.purgedAtMillis()) + ", before its key was destroyed at "
                    + at(purge.keyErasedAtMillis()));
        }
        Integer partition = purge.partition();
        if (partition != null && partition != EventPartitions.of(signup.signupId(), scope.partitions())) {
            found.add("it names partition " + partition + ", where this signup's record cannot have been");
        }
        if (purge.level() == PurgeLevel.UNREADABLE) {
            return found;
        }
        Long offset = purge.offset();
        Long startOffset = purge.startOffset();
        // Found after a crash, a slot may know the place of the parked copy only.
        boolean behind = offset == null ? purge.parked() != null : startOffset != null && startOffset > offset;
        if (partition == null || startOffset == null || !behind) {
            found.add(claim(purge) + "the record's place and a start offset behind it");
        }
        Integer replicas = purge.replicas();
        Integer inSync = purge.inSyncReplicas();
        if (replicas == null || inSync == null || replicas < 1 || !replicas.equals(inSync)) {
            found.add(claim(purge) + "all replicas in sync");
        }
        Long confirmed = purge.cutConfirmedAtMillis();
        Long interval = purge.checkpointIntervalMillis();
        if (confirmed == null || interval == null || interval < 0 || purge.purgedAtMillis() - interval < confirmed) {
            found.add(claim(purge) + "a checkpoint interval waited out after the cut");
        }
        Fact.ParkedCut parked = purge.parked();
        if (parked == null) {
            if (signup.has(Parking.class)) {
                found.add(claim(purge) + "the cut of the parked topic, though it was parked");
            }
            return found;
        }
        if (parked.startOffset() < parked.endOffset()) {
            found.add(claim(purge) + "a parked topic that starts behind everything that stood in it");
        }
        if (parked.replicas() < 1 || parked.replicas() != parked.inSyncReplicas()) {
            found.add(claim(purge) + "all replicas of the parked topic in sync");
        }
        if (interval != null && purge.purgedAtMillis() - interval < parked.cutConfirmedAtMillis()) {
            found.add(claim(purge) + "a checkpoint interval waited out after the cut of the parked topic");
        }
        return found;
    }

    private static List<String> overclaim(Purge purge, Publications publications) {
        PurgeLevel highest = publications.highestAt(purge.purgedAtMillis());
        if (purge.level().compareTo(highest) <= 0) {
            return List.of();
        }
        boolean examined = publications.examinations().stream()
                .anyMatch(examination ->
                        examination.examinedAtMillis() <= purge.purgedAtMillis() + ProcessClocks.MOST_APART_MILLIS);
        return List.of("it claims " + purge.level() + " at " + at(purge.purgedAtMillis())
                + (examined
                        ? ", where the examination before it permits " + highest
                        : ", but no router had examined custody's place"));
    }

    private static List<String> unobservedErasure(Purge purge, ErasureReports reports) {
        List<String> found = new ArrayList<>();
        Integer replicas = purge.replicas();
        Long confirmed = purge.cutConfirmedAtMillis();
        Long startOffset = purge.startOffset();
        // That its evidence is incomplete is another rule's finding.
        if (purge.level() != PurgeLevel.ERASED || replicas == null || confirmed == null || startOffset == null) {
            return found;
        }
        Long offset = purge.offset();
        // Of a record whose place is not known, it is known that it stood before what the brokers serve.
        long last = offset == null ? startOffset - 1 : offset;
        unobserved(SealedTopic.SIGNUPS, last, replicas, confirmed, purge, reports)
                .ifPresent(found::add);
        Fact.ParkedCut parked = purge.parked();
        if (parked != null) {
            unobserved(
                            SealedTopic.SIGNUPS_PARKED,
                            parked.endOffset() - 1,
                            parked.replicas(),
                            parked.cutConfirmedAtMillis(),
                            purge,
                            reports)
                    .ifPresent(found::add);
        }
        return found;
    }

    private static Optional<String> unobserved(
            SealedTopic topic, long last, int replicas, long confirmedMillis, Purge purge, ErasureReports reports) {
        long brokers = reports.brokersWithout(topic, last, confirmedMillis, purge.purgedAtMillis());
        return brokers >= replicas
                ? Optional.empty()
                : Optional.of("it claims ERASED on " + replicas + " replicas, but between the cut of "
                        + Topic.of(topic).name("") + " at " + at(confirmedMillis) + " and the claim the files of "
                        + brokers + " brokers were found without its record");
    }

    private static String claim(Purge purge) {
        return "it claims " + purge.level() + " without the evidence: ";
    }
}
