package org.brokerhandoff.kafkaui;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.schemas.SignupIds;

/** A sealed signup, for tests. */
final class Sealed {
    private Sealed() {}

    static SealedSignup signup(UUID id, Instant at, byte[] ciphertext) {
        return SealedSignup.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setPersonSchema(1)
                .setSlot(3)
                .setGeneration(1)
                .setReceivedAt(at)
                .setKeyExpiry(at.plusSeconds(3_000))
                .setEraseBy(at.plusSeconds(3_600))
                .setCountry("NO")
                .setLanguage("nb")
                .setPolicyVersion("2026-11-01")
                .setPurposes(List.of(Purpose.BROKER_HANDOFF))
                .setRecipients(List.of("fjord-markets"))
                .setConsentGivenAt(at)
                .setSealedPerson(ByteBuffer.wrap(ciphertext))
                .build();
    }
}
