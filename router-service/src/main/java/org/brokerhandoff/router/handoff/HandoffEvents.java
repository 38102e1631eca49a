package org.brokerhandoff.router.handoff;

import java.time.Instant;
import java.util.List;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.Candidate;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.router.assign.Decision;
import org.brokerhandoff.router.deliver.Attempt;
import org.brokerhandoff.router.deliver.NextMove;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.schemas.SignupIds;

/** The events that record a signup's handoff. Pure. */
final class HandoffEvents {
    private HandoffEvents() {}

    static Assigned assigned(
            PendingSignup signup, Decision.Assign decision, int hop, Digest directoryDigest, Instant now) {
        return Assigned.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(decision.broker().id())
                .setHop(hop)
                .setDirectoryDigest(directoryDigest)
                .setDecidedAt(now)
                .setCountry(signup.country())
                .setLanguage(signup.language().orElse(null))
                .setRecipients(signup.recipients())
                .setCandidates(candidates(decision.candidates()))
                .setExclusions(decision.exclusions())
                .build();
    }

    private static List<Candidate> candidates(List<Broker> brokers) {
        return brokers.stream()
                .map(broker -> new Candidate(broker.id(), broker.priority(), broker.weight()))
                .toList();
    }

    static Undeliverable undeliverable(
            PendingSignup signup, Decision.NoBroker decision, Digest directoryDigest, Instant now) {
        return Undeliverable.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setDecidedAt(now)
                .setReason(decision.reason())
                .setDirectoryDigest(directoryDigest)
                .setCountry(signup.country())
                .setLanguage(signup.language().orElse(null))
                .setRecipients(signup.recipients())
                .setExclusions(decision.exclusions())
                .build();
    }

    static Parked parked(PendingSignup signup, String broker, ParkingReason reason, Instant now) {
        return Parked.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(broker)
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

    static Refused refused(
            PendingSignup signup, Broker broker, Attempt.Decided attempt, NextMove.Refused refused) {
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
}
