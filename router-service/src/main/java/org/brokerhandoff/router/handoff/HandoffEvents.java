package org.brokerhandoff.router.handoff;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Candidate;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.PingMade;
import org.brokerhandoff.event.PingOutcome;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.router.deliver.Attempt;
import org.brokerhandoff.router.deliver.BrokerPing;
import org.brokerhandoff.router.deliver.NextMove;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.routing.BrokerFacts;
import org.brokerhandoff.routing.CapWindow;
import org.brokerhandoff.routing.Decision;
import org.brokerhandoff.routing.Places.Place;
import org.brokerhandoff.schemas.LanguageTags;
import org.brokerhandoff.schemas.SignupIds;

/** The events that record a signup's handoff. Pure. */
final class HandoffEvents {
    private HandoffEvents() {}

    static Assigned assigned(
            PendingSignup signup, Decision.Assign decision, int hop, Circumstances circumstances, Instant now) {
        return Assigned.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(decision.broker().id())
                .setHop(hop)
                .setDirectoryDigest(circumstances.directory().digest())
                .setDecidedAt(now)
                .setCountry(signup.country())
                .setLanguage(signup.language().flatMap(LanguageTags::canonical).orElse(null))
                .setRecipients(signup.recipients())
                .setCandidates(candidates(decision.candidates()))
                .setExclusions(decision.exclusions())
                .setLoads(circumstances.loadEvents())
                .setPurpose(signup.purpose())
                .build();
    }

    private static List<Candidate> candidates(List<BrokerFacts> brokers) {
        return brokers.stream()
                .map(broker -> new Candidate(broker.id(), broker.priority(), broker.weight()))
                .toList();
    }

    static Undeliverable undeliverable(
            PendingSignup signup, Decision.NoBroker decision, Circumstances circumstances, Instant now) {
        return Undeliverable.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setDecidedAt(now)
                .setReason(decision.reason())
                .setDirectoryDigest(circumstances.directory().digest())
                .setCountry(signup.country())
                .setLanguage(signup.language().flatMap(LanguageTags::canonical).orElse(null))
                .setRecipients(signup.recipients())
                .setExclusions(decision.exclusions())
                .setLoads(circumstances.loadEvents())
                .setPurpose(signup.purpose())
                .build();
    }

    static Postponed postponed(PendingSignup signup, Decision.Wait decision, Circumstances circumstances, Instant now) {
        return Postponed.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setDecidedAt(now)
                .setDirectoryDigest(circumstances.directory().digest())
                .setPurpose(signup.purpose())
                .setCountry(signup.country())
                .setLanguage(signup.language().flatMap(LanguageTags::canonical).orElse(null))
                .setRecipients(signup.recipients())
                .setLoads(circumstances.loadEvents())
                .setExclusions(decision.exclusions())
                .setUntil(decision.until().orElse(null))
                .build();
    }

    static PlaceRequested placeRequested(PendingSignup signup, BrokerFacts broker, CapWindow window, Instant now) {
        return PlaceRequested.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(broker.id())
                .setRequestedAt(now)
                .setHour(window.hour())
                .setDay(window.day())
                .setHourlyCap(
                        broker.hourlyCap().isPresent() ? broker.hourlyCap().getAsInt() : null)
                .setDailyCap(broker.dailyCap().isPresent() ? broker.dailyCap().getAsInt() : null)
                .build();
    }

    static PlaceReleased placeReleased(PendingSignup signup, Place place, Instant now) {
        return PlaceReleased.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(place.broker())
                .setHour(place.hour())
                .setReleasedAt(now)
                .build();
    }

    static PingMade pingMade(PendingSignup signup, String broker, int hop, BrokerPing.Answer answer) {
        return PingMade.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(broker)
                .setHop(hop)
                .setAskedAt(answer.askedAt())
                .setAnsweredAt(answer.answeredAt())
                .setOutcome(
                        answer.outcome() == BrokerPing.Outcome.DECLINED ? PingOutcome.DECLINED : PingOutcome.NO_ANSWER)
                .setStatus(answer.status().isPresent() ? answer.status().getAsInt() : null)
                .build();
    }

    static Parked parked(PendingSignup signup, Optional<String> broker, ParkingReason reason, Instant now) {
        return Parked.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(broker.orElse(null))
                .setParkedAt(now)
                .setReason(reason)
                .build();
    }

    static Delivered delivered(
            PendingSignup signup, Broker broker, Attempt.Decided attempt, NextMove.Accepted accepted) {
        return Delivered.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(broker.id())
                .setAttempt(attempt.number())
                .setStartedAt(attempt.startedAt())
                .setAcceptedAt(attempt.endedAt())
                .setDuplicate(accepted.duplicate())
                .setStatus(accepted.status())
                .build();
    }

    /** Of an attempt that another router made and did not record; it started after the broker was assigned. */
    static AttemptMade attempt(PendingSignup signup, Step.RecordAttempt made) {
        return AttemptMade.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(made.assignment().broker())
                .setAttempt(made.attempt())
                .setStartedAt(made.assignment().decidedAt())
                .setEndedAt(made.endedAt())
                .setOutcome(AttemptOutcome.UNKNOWN)
                .build();
    }

    static Refused refused(PendingSignup signup, Broker broker, Attempt.Decided attempt, NextMove.Refused refused) {
        return Refused.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(broker.id())
                .setAttempt(attempt.number())
                .setStartedAt(attempt.startedAt())
                .setRefusedAt(attempt.endedAt())
                .setReason(refused.reason())
                .setStatus(refused.status())
                .build();
    }

    static Released released(
            PendingSignup signup,
            String broker,
            Optional<Instant> lastAttemptAt,
            ReleaseReason reason,
            int attempts,
            Instant now) {
        return Released.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(broker)
                .setReleasedAt(now)
                .setLastAttemptAt(lastAttemptAt.orElse(null))
                .setReason(reason)
                .setAttempts(attempts)
                .build();
    }
}
