package org.brokerhandoff.audit.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.Schema;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.Ed25519Signature;
import org.brokerhandoff.event.PublicKey;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanaryStatementTest {
    private static final EventCodec CODEC = new EventCodec();
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00Z");

    private static CanaryChecked signed() {
        return Canaries.checked(SignupIds.fixed(new UUID(7, 9)), AT, CanaryVerdict.CLEAN, canary -> canary);
    }

    @Test
    void a_signed_result_holds_also_after_it_was_stored() {
        assertThat(CanaryStatement.holds(signed())).isTrue();
        assertThat(CODEC.decode(CODEC.encode(signed())))
                .isInstanceOfSatisfying(
                        Decoded.Event.class,
                        stored -> assertThat(CanaryStatement.holds((CanaryChecked) stored.event()))
                                .isTrue());
    }

    @Test
    void the_signature_is_over_every_field() {
        for (Schema.Field field : CanaryChecked.getClassSchema().getFields()) {
            CanaryChecked changed = CanaryChecked.newBuilder(signed()).build();
            changed.put(field.pos(), another(changed.get(field.pos())));
            assertThat(CanaryStatement.holds(changed)).as(field.name()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DELIVERED,     0, 0, CLEAN",
        "DELIVERED,     1, 0, FOUND",
        "'',            1, 0, FOUND",
        "'',            0, 0, NOT_PURGED",
        "'',            0, 1, NOT_PURGED",
        "DELIVERED,     0, 1, CANNOT_TELL",
        "DELIVERED,     1, 1, FOUND",
        "UNDELIVERABLE, 0, 0, CANNOT_TELL",
        "EXPIRED,       0, 0, CANNOT_TELL"
    })
    void clean_is_only_what_was_delivered_purged_searched_and_not_found(
            String purge, long findings, long unreadable, CanaryVerdict verdict) {
        assertThat(CanaryStatement.verdict(
                        Optional.of(purge).filter(reason -> !reason.isEmpty()).map(PurgeReason::valueOf),
                        findings,
                        unreadable))
                .isEqualTo(verdict);
    }

    private static Object another(Object value) {
        if (value instanceof Instant time) {
            return time.plusMillis(1);
        } else if (value instanceof Integer number) {
            return number + 1;
        } else if (value instanceof Long number) {
            return number + 1;
        } else if (value instanceof CanaryVerdict) {
            return CanaryVerdict.NOT_PURGED;
        } else if (value instanceof PublicKey key) {
            return new PublicKey(flipped(key.bytes()));
        } else if (value instanceof Digest digest) {
            return new Digest(flipped(digest.bytes()));
        } else if (value instanceof Ed25519Signature signature) {
            return new Ed25519Signature(flipped(signature.bytes()));
        }
        return SignupIds.fixed(new UUID(7, 10));
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        flipped[3] ^= 1;
        return flipped;
    }
}
