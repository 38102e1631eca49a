package org.brokerhandoff.audit.verify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.replay.DecisionReplay;
import org.brokerhandoff.audit.replay.Grants;
import org.brokerhandoff.audit.verify.Fact.Acceptance;
import org.brokerhandoff.audit.verify.Fact.Attempt;
import org.brokerhandoff.audit.verify.Fact.Contact;
import org.brokerhandoff.audit.verify.Fact.End;
import org.brokerhandoff.audit.verify.Fact.Reconciliation;
import org.brokerhandoff.audit.verify.Fact.Release;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.routing.BrokerFacts;
import org.brokerhandoff.routing.CapWindow;
import org.brokerhandoff.schemas.Digests;
import org.jspecify.annotations.Nullable;

/** Rules on the choice of brokers: that decisions follow from their inputs, and that caps and hours are kept. */
final class RoutingRules {
    /** Maximum time between the check of hours and places and the start of the attempt. */
    static final Duration UNDER_WAY = Duration.ofSeconds(60);
    /**
     * How long a sent request may still be accepted: receivers of Standard Webhooks refuse older timestamps, so a broker that knows nothing
     * after it will never have the signup.
     */
    static final Duration SIGNATURE_TOLERANCE = Duration.ofMinutes(5);

    /** Custody's counter, and the attempt numbers, saturate here. */
    private static final int MOST_ATTEMPTS_COUNTED = 255;
    /** Older routers counted one attempt more than they made, with which they took a slot back. */
    private static final Instant COUNTED_EXACTLY_FROM = Instant.parse("2026-11-29T00:00:00Z");

    static final Rule DIRECTORY_DIGEST = Rule.ofPublications(
            "directory-digest",
            "The digest by which decisions name a directory version matches its published content.",
            publications -> publications.directories().mislabelled().stream()
                    .map(digest -> "directory " + Digests.hex(digest) + " was published with other content")
                    .sorted()
                    .toList());

    static final Rule DECISION = Rule.ofDecision(
            "decision-replays",
            "Replayed from the log, every decision is the same.",
            (event, outcome, replay) -> outcome.stream()
                    .filter(DecisionReplay.Outcome.Different.class::isInstance)
                    .map(DecisionReplay.Outcome.Different.class::cast)
                    .map(different -> "according to the log it should be " + different.expected() + "; it says "
                            + different.actual())
                    .toList());

    static final Rule LOADS = Rule.ofDecision(
            "load-as-logged",
            "No decision counts more places of a broker as taken than there ever were.",
            (event, outcome, replay) -> replay.impossibleLoads(event));

    static final Rule SUSPENDED = Rule.ofPublished(
            "suspension-published",
            "No decision skips a broker as suspended unless a router published its suspension.",
            (record, scope) -> record.event()
                    .filter(event -> scope.publications().recordsAccounted())
                    .map(event -> suspended(event, scope.publications().suspensions()))
                    .orElse(List.of()));

    static final Rule PLACE_WINDOW = Rule.ofPublished(
            "place-by-directory",
            "A place is requested in the window and under the caps that the directory in force gives its broker.",
            (record, scope) -> record
                    .event()
                    .filter(PlaceRequested.class::isInstance)
                    .map(PlaceRequested.class::cast)
                    .filter(request -> !scope.publications()
                            .directories()
                            .permits(request.getBroker(), request.getRequestedAt(), broker -> fits(request, broker)))
                    .map(request -> "no version of the directory in force gives " + request.getBroker()
                            + " this window or this cap")
                    .stream()
                    .toList());

    static final Rule PLACE_HELD = Rule.ofSignup(
            "place-before-attempt",
            "A broker with caps is contacted only in a window in which the signup was granted a place.",
            (signup, scope) -> {
                List<String> found = new ArrayList<>();
                if (signup.corrects().isPresent()) {
                    // Caps and hours apply to signups.
                    return found;
                }
                signup.contacts().forEach(contact -> {
                    Instant at = Instant.ofEpochMilli(contact.startedAtMillis());
                    List<BrokerFacts> versions =
                            scope.publications().directories().inForce(contact.broker(), at);
                    if (versions.isEmpty() || !versions.stream().allMatch(BrokerFacts::capped)) {
                        return;
                    }
                    if (grant(signup, contact.broker(), at, scope).isEmpty()) {
                        found.add(contact.eventName() + " of " + contact.broker() + ": the attempt at " + at
                                + " had no place under its caps");
                    }
                });
                return found.stream().distinct().toList();
            });

    static final Rule CAPS = Rule.ofWindows(
            "cap-respected",
            "No broker accepted more in an hour or on a day than its cap, even if places were given back.",
            Windows::exceeded);

    static final Rule HOURS = Rule.ofSignup(
            "hours-respected",
            "No attempt starts outside the broker's opening hours.",
            (signup, scope) -> signup.contacts()
                    .filter(contact -> signup.corrects().isEmpty())
                    .filter(contact -> {
                        Instant at = Instant.ofEpochMilli(contact.startedAtMillis());
                        return !scope.publications()
                                .directories()
                                .permits(
                                        contact.broker(),
                                        at,
                                        broker -> broker.openAt(at) || broker.openAt(at.minus(UNDER_WAY)));
                    })
                    .map(contact -> "an attempt to " + contact.broker() + " started at "
                            + ConsentRules.at(contact.startedAtMillis()) + ", when it was closed")
                    .distinct()
                    .toList());

    static final Rule RELEASE = Rule.ofSignup(
            "release-proven",
            "A broker is released only when it is certain that it does not have the signup; a release does not cover later attempts.",
            (signup, scope) -> signup.all(Release.class).stream()
                    .flatMap(release -> objection(signup, release).stream())
                    .distinct()
                    .toList());

    static final List<Rule> ALL =
            List.of(DIRECTORY_DIGEST, DECISION, LOADS, SUSPENDED, PLACE_WINDOW, PLACE_HELD, CAPS, HOURS, RELEASE);

    private RoutingRules() {}

    /** The place of an attempt that starts at {@code at}: of that hour, or of one that ended while it was in transit. */
    static Optional<Grants.Grant> grant(SignupFacts signup, String broker, Instant at, Scope scope) {
        List<Grants.Grant> grants = new ArrayList<>(1);
        for (BrokerFacts version : scope.publications().directories().inForce(broker, at)) {
            for (Instant moment : List.of(at, at.minus(UNDER_WAY))) {
                signup.grants()
                        .at(broker, CapWindow.at(moment, version.zone()).hour())
                        .ifPresent(grants::add);
            }
        }
        return grants.stream()
                .filter(grant -> !grant.released())
                .findFirst()
                .or(() -> grants.stream().findFirst());
    }

    private static boolean fits(PlaceRequested request, BrokerFacts broker) {
        boolean window = List.of(
                        request.getRequestedAt(), request.getRequestedAt().minus(UNDER_WAY))
                .stream()
                .map(at -> CapWindow.at(at, broker.zone()))
                .anyMatch(
                        own -> own.hour().equals(request.getHour()) && own.day().equals(request.getDay()));
        return window
                && same(broker.hourlyCap(), request.getHourlyCap())
                && same(broker.dailyCap(), request.getDailyCap());
    }

    private static boolean same(OptionalInt cap, @Nullable Integer asked) {
        return Objects.equals(cap.isPresent() ? cap.getAsInt() : null, asked);
    }

    private static List<String> suspended(SpecificRecord decision, Suspensions suspensions) {
        return DecisionReplay.inputOf(decision).stream()
                .flatMap(input -> input.loads().entrySet().stream()
                        .filter(load -> load.getValue().suspended()
                                && !suspensions.mayStand(
                                        load.getKey(), input.decidedAt().toEpochMilli()))
                        .map(load ->
                                "it skips " + load.getKey() + " as suspended, but no router published a suspension"))
                .toList();
    }

    /**
     * The first attempt that custody counted, since the last one that certainly left nothing, and that is missing from the log. Nothing was
     * sent if all of them are known not to have been.
     */
    private static Optional<Integer> missing(SignupFacts signup, Release release) {
        if (release.lastAttempt() >= MOST_ATTEMPTS_COUNTED
                || release.releasedAtMillis() < COUNTED_EXACTLY_FROM.toEpochMilli()) {
            return Optional.empty();
        }
        int settled = signup.all(End.class).stream()
                .filter(end -> end.offset() < release.offset())
                .mapToInt(End::lastAttempt)
                .filter(last -> last < MOST_ATTEMPTS_COUNTED)
                .max()
                .orElse(0);
        return IntStream.rangeClosed(settled + 1, release.lastAttempt())
                .boxed()
                .filter(number -> signup.contacts().noneMatch(contact -> contact.attempt() == number))
                .findFirst();
    }

    private static Optional<String> objection(SignupFacts signup, Release release) {
        String broker = release.broker();
        // A suspended router that resumes may contact it after the release. That makes the broker one that may have it
        // again, which next-broker-after-refusal and withdrawal-notified check; the release was correct all the same.
        List<Contact> contacts = signup.contacts().filter(release::covers).toList();
        if (contacts.stream()
                .anyMatch(contact ->
                        ProcessClocks.certainlyBefore(release.releasedAtMillis(), contact.startedAtMillis()))) {
            return Optional.of(broker + " was contacted again after its release");
        }
        if (contacts.stream().anyMatch(Acceptance.class::isInstance)) {
            return Optional.of(broker + " was released, but accepted it");
        }
        List<Attempt> attempts = contacts.stream()
                .filter(Attempt.class::isInstance)
                .map(Attempt.class::cast)
                .toList();
        if (release.reason() == ReleaseReason.NOTHING_SENT) {
            Optional<Integer> missing = missing(signup, release);
            if (missing.isPresent()) {
                return Optional.of(broker + " was released as never contacted, after " + release.lastAttempt()
                        + " attempts, of which number " + missing.get() + " is not in the log");
            }
            return attempts.stream().anyMatch(attempt -> attempt.outcome() != AttemptOutcome.NOT_SENT)
                    ? Optional.of(broker + " was released as never contacted, but an attempt may have been sent")
                    : Optional.empty();
        }
        long last = Math.max(
                release.lastAttemptAtMillis() == null ? Long.MIN_VALUE : release.lastAttemptAtMillis(),
                attempts.stream().mapToLong(Attempt::startedAtMillis).max().orElse(Long.MIN_VALUE));
        boolean confirmed = signup.all(Reconciliation.class).stream()
                .filter(asked -> asked.broker().equals(broker) && asked.offset() < release.offset())
                .filter(asked -> asked.answer() == ReconciliationAnswer.NOT_RECEIVED)
                .anyMatch(asked ->
                        last == Long.MIN_VALUE || asked.askedAtMillis() >= last + SIGNATURE_TOLERANCE.toMillis());
        return confirmed
                ? Optional.empty()
                : Optional.of(broker + " was released without answering, " + SIGNATURE_TOLERANCE.toMinutes()
                        + " minutes after the last attempt, that it does not have the signup");
    }
}
