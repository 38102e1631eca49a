package org.brokerhandoff.router.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.Purpose;

/**
 * A sealed signup that was consumed and is not finished. The person is in {@code sealedPerson} and readable only with the key
 * that custody holds.
 *
 * @param signupId the signup
 * @param partition where its record stands, in {@code signups} and, if it is parked, in the parked topic
 * @param offset where its record stands, or stood, in {@code signups}
 * @param parking where it stands now, if it is parked
 * @param appendedAt the broker's clock when the record was appended that was consumed
 * @param slot custody slot of the key
 * @param generation generation of that slot
 * @param personSchema version of the sealed JSON
 * @param receivedAt when ingest accepted it
 * @param keyExpiry when delivery ends and the key is destroyed at the latest
 * @param eraseBy when its purge has to be proven
 * @param country country of residence
 * @param language language, if given
 * @param policyVersion policy of the consent
 * @param purposes what the person consented to, as the record has it
 * @param recipients brokers the consent covers
 * @param consentGivenAt when the person consented
 * @param concerns the signup whose data it corrects; empty: it is a signup, or a message, of its own
 * @param sealedPerson the seal
 */
public record PendingSignup(
        UUID signupId,
        int partition,
        long offset,
        Optional<Parking> parking,
        Instant appendedAt,
        int slot,
        int generation,
        int personSchema,
        Instant receivedAt,
        Instant keyExpiry,
        Instant eraseBy,
        String country,
        Optional<String> language,
        String policyVersion,
        List<Purpose> purposes,
        List<String> recipients,
        Instant consentGivenAt,
        Optional<UUID> concerns,
        Sealed sealedPerson) {
    /** Copies the lists. */
    public PendingSignup {
        purposes = List.copyOf(purposes);
        recipients = List.copyOf(recipients);
    }

    /** What it is handed over for. A signup has one purpose; of two, that of the person's own signup. */
    public Purpose purpose() {
        if (purposes.isEmpty() || purposes.contains(Purpose.BROKER_HANDOFF)) {
            return Purpose.BROKER_HANDOFF;
        }
        return purposes.contains(Purpose.RECTIFICATION) ? Purpose.RECTIFICATION : Purpose.HELPDESK;
    }

    /** Ciphertext, which has no business in a log line either. */
    public static final class Sealed {
        private final byte[] bytes;

        /** Takes ownership of {@code bytes}. */
        public Sealed(byte[] bytes) {
            this.bytes = bytes;
        }

        /** The seal's bytes, not a copy. */
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public String toString() {
            return bytes.length + " sealed bytes";
        }
    }
}
