package org.brokerhandoff.router.kafka;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.schemas.SignupIds;

/** Translates between the Avro form of a sealed signup and the router's own. Pure. */
final class SealedSignups {
    private SealedSignups() {}

    /** The signup; empty if it names a slot that no custody can have. */
    static Optional<PendingSignup> pending(SealedSignup event, int partition, long offset, Instant appendedAt) {
        try {
            var unused = new SlotReference(event.getSlot(), event.getGeneration());
        } catch (IllegalArgumentException impossible) {
            return Optional.empty();
        }
        ByteBuffer sealed = event.getSealedPerson();
        byte[] bytes = new byte[sealed.remaining()];
        sealed.duplicate().get(bytes);
        return Optional.of(new PendingSignup(
                SignupIds.uuid(event.getSignupId()),
                partition,
                offset,
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
                event.getPurposes().contains(Purpose.BROKER_HANDOFF)
                        ? List.copyOf(event.getRecipients())
                        // Without the purpose the consent covers nobody.
                        : List.of(),
                event.getConsentGivenAt(),
                new PendingSignup.Sealed(bytes)));
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
                .setPurposes(List.of(Purpose.BROKER_HANDOFF))
                .setRecipients(signup.recipients())
                .setConsentGivenAt(signup.consentGivenAt())
                .setSealedPerson(ByteBuffer.wrap(signup.sealedPerson().bytes()))
                .build();
    }
}
