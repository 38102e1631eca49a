package org.brokerhandoff.kafkaui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.ParkedSignup;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShownRecordsTest {
    private static final EventCodec CODEC = new EventCodec();
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00Z");
    private static final UUID SIGNUP = UUID.fromString("0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
    private static final byte[] CIPHERTEXT = "kari.nordmann@example.no".getBytes(StandardCharsets.UTF_8);
    private static final SealedSignup SEALED = Sealed.signup(SIGNUP, AT, CIPHERTEXT);

    private final ShownRecords records = new ShownRecords(CODEC);

    @Test
    void ids_are_shown_and_what_is_none_is_named_by_its_length() {
        assertThat(records.key(SignupIds.bytes(SIGNUP))).isEqualTo(SIGNUP.toString());
        assertThat(records.key(bytes("fjord-markets"))).isEqualTo("fjord-markets");
        assertThat(records.key(bytes("policy/2026-1/en"))).as("16 bytes").isEqualTo("policy/2026-1/en");
        assertThat(records.key(null)).isEqualTo("no key");
        assertThat(records.key(bytes("Kari Nordmann"))).isEqualTo("not an id, 13 bytes");
        assertThat(records.key(new byte[16])).isEqualTo("not an id, 16 bytes");
    }

    @ParameterizedTest
    @EnumSource(names = {"SIGNUPS", "SIGNUPS_SET_ASIDE"})
    void a_sealed_signup_is_shown_without_its_ciphertext(Topic topic) {
        assertThat(records.value(topic, CODEC.encode(SEALED)))
                .contains("\"sealedPerson\":\"sealed, 24 bytes\"", SIGNUP.toString(), "\"country\":\"NO\"")
                .doesNotContain(ciphertext());
    }

    @Test
    void a_parked_signup_is_shown_without_the_ciphertext_of_the_signup_in_it() {
        ParkedSignup parked = ParkedSignup.newBuilder()
                .setSignupId(SignupIds.fixed(SIGNUP))
                .setSignup(SEALED)
                .setOffset(7)
                .setParkedAt(AT)
                .setNotBefore(null)
                .setAssignments(List.of())
                .setRefusedBy(List.of())
                .setPassedOver(List.of())
                .setHops(0)
                .setPostponed(false)
                .setSettledAttempts(0)
                .setLastAttempt(0)
                .setLastAttemptEndedAt(null)
                .build();
        assertThat(records.value(Topic.SIGNUPS_PARKED, CODEC.encode(parked)))
                .contains("\"sealedPerson\":\"sealed, 24 bytes\"")
                .doesNotContain(ciphertext());
    }

    @ParameterizedTest
    @EnumSource
    void what_is_no_event_is_named_by_its_length_in_every_topic(Topic topic) {
        assertThat(records.value(topic, CIPHERTEXT))
                .isEqualTo("{\"unreadable\":\"it is not an event, or is damaged, of 24 bytes\"}");
        assertThat(records.value(topic, null)).isEqualTo("{\"unreadable\":\"it has no value\"}");
        byte[] unknown = CODEC.encode(SEALED);
        Arrays.fill(unknown, 2, 10, (byte) 7);
        assertThat(records.value(topic, unknown))
                .isEqualTo("{\"unreadable\":\"its schema, fingerprint 0707070707070707, is not known\"}");
    }

    @Test
    void an_event_in_the_wrong_topic_is_not_shown() {
        assertThat(records.value(Topic.CONSENTS, CODEC.encode(SEALED)))
                .isEqualTo("{\"unreadable\":\"SealedSignup is not allowed in this topic\"}");
    }

    private static String[] ciphertext() {
        return new String[] {
            new String(CIPHERTEXT, StandardCharsets.UTF_8), Base64.getEncoder().encodeToString(CIPHERTEXT)
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
