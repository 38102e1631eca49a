package org.brokerhandoff.router.kafka;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.ParkedSignup;
import org.brokerhandoff.event.PassedOver;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.event.StandingAssignment;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.schemas.SignupIds;

/** Translates between the Avro form of a sealed signup and the router's own. Pure. */
final class SealedSignups {
    private SealedSignups() {}

    /** The signup; empty if it names a slot that no custody can have, or is half a correction: which signup it corrects, it has to say. */
    static Optional<PendingSignup> pending(SealedSignup event, int partition, long offset, Instant appendedAt) {
        try {
            var unused = new SlotReference(event.getSlot(), event.getGeneration());
        } catch (IllegalArgumentException impossible) {
            return Optional.empty();
        }
        if (event.getPurposes().contains(Purpose.RECTIFICATION) != (event.getConcerns() != null)) {
            return Optional.empty();
        }
        return Optional.of(signup(event, partition, offset, Optional.empty(), appendedAt));
    }

    /**
     * The signup that a parked copy holds.
     *
     * @param offset where the copy stands in the parked topic
     * @return empty if it names a slot that no custody can have
     */
    static Optional<PendingSignup> parked(ParkedSignup event, int partition, long offset, Instant appendedAt) {
        List<Assignment> assignments = event.getAssignments().stream()
                .map(standing -> new Assignment(standing.getBroker(), standing.getHop(), standing.getDecidedAt()))
                .toList();
        History history = history(event, assignments);
        Parking parking = new Parking(offset, Optional.ofNullable(event.getNotBefore()), history);
        return pending(event.getSignup(), partition, event.getOffset(), appendedAt)
                .map(signup ->
                        signup(event.getSignup(), partition, event.getOffset(), Optional.of(parking), appendedAt));
    }

    private static History history(ParkedSignup event, List<Assignment> assignments) {
        History history = History.NONE.foundParked();
        for (String broker : event.getRefusedBy()) {
            history = history.refused(broker);
        }
        for (PassedOver passed : event.getPassedOver()) {
            history = passed.getReason() == ExclusionReason.PING_DECLINED
                    ? history.declined(passed.getBroker())
                    : history.released(passed.getBroker());
        }
        for (Assignment made : assignments) {
            history = history.assigned(made);
        }
        // Copies of before the field was there have no more hops than refusals and an assignment.
        int hops = Math.max(Math.max(event.getHops(), event.getRefusedBy().size()), history.hops());
        return new History(
                history.assignments(),
                history.passedOver(),
                hops,
                Optional.empty(),
                false,
                event.getPostponed(),
                true,
                new Attempts(
                        event.getSettledAttempts(),
                        Set.of(),
                        event.getLastAttempt(),
                        Optional.ofNullable(event.getLastAttemptEndedAt())));
    }

    private static PendingSignup signup(
            SealedSignup event, int partition, long offset, Optional<Parking> parking, Instant appendedAt) {
        ByteBuffer sealed = event.getSealedPerson();
        byte[] bytes = new byte[sealed.remaining()];
        sealed.duplicate().get(bytes);
        return new PendingSignup(
                SignupIds.uuid(event.getSignupId()),
                partition,
                offset,
                parking,
                appendedAt,
                event.getSlot(),
                event.getGeneration(),
                event.getPersonSchema(),
                event.getReceivedAt(),
                event.getKeyExpiry(),
                event.getEraseBy(),
                event.getCountry(),
                Optional.ofNullable(event.getLanguage()),
                event.getPolicyVersion(),
                event.getPurposes(),
                // Without a purpose the consent covers no broker.
                event.getPurposes().isEmpty() ? List.of() : event.getRecipients(),
                event.getConsentGivenAt(),
                Optional.ofNullable(event.getConcerns()).map(SignupIds::uuid),
                new PendingSignup.Sealed(bytes));
    }

    /** The copy of a signup that is parked, or moved on, at {@code parkedAt}. */
    static ParkedSignup parked(PendingSignup signup, History history, Optional<Instant> notBefore, Instant parkedAt) {
        return ParkedSignup.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setSignup(event(signup))
                .setOffset(signup.offset())
                .setParkedAt(parkedAt)
                .setNotBefore(notBefore.orElse(null))
                .setAssignments(history.open().stream()
                        .map(standing ->
                                new StandingAssignment(standing.broker(), standing.hop(), standing.decidedAt()))
                        .toList())
                .setRefusedBy(history.passedOver().entrySet().stream()
                        .filter(over -> over.getValue() == ExclusionReason.REFUSED_BEFORE)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList())
                .setPassedOver(history.passedOver().entrySet().stream()
                        .filter(over -> over.getValue() != ExclusionReason.REFUSED_BEFORE)
                        .sorted(Map.Entry.comparingByKey())
                        .map(over -> new PassedOver(over.getKey(), over.getValue()))
                        .toList())
                .setHops(history.hops())
                .setPostponed(history.postponed())
                .setSettledAttempts(history.attempts().settled())
                .setLastAttempt(history.attempts().last())
                .setLastAttemptEndedAt(history.attempts().lastEndedAt().orElse(null))
                .build();
    }

    static SealedSignup event(PendingSignup signup) {
        return SealedSignup.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setPersonSchema(signup.personSchema())
                .setSlot(signup.slot())
                .setGeneration(signup.generation())
                .setReceivedAt(signup.receivedAt())
                .setKeyExpiry(signup.keyExpiry())
                .setEraseBy(signup.eraseBy())
                .setCountry(signup.country())
                .setLanguage(signup.language().orElse(null))
                .setPolicyVersion(signup.policyVersion())
                .setPurposes(signup.purposes())
                .setRecipients(signup.recipients())
                .setConsentGivenAt(signup.consentGivenAt())
                .setConcerns(signup.concerns().map(SignupIds::fixed).orElse(null))
                .setSealedPerson(ByteBuffer.wrap(signup.sealedPerson().bytes()))
                .build();
    }
}
