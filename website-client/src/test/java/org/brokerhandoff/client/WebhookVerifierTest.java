package org.brokerhandoff.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By the vector that the specification's own libraries test with. */
class WebhookVerifierTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String TIMESTAMP = "1614265330";
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final Instant NOW = Instant.ofEpochSecond(1614265330);

    private final WebhookVerifier verifier = new WebhookVerifier(List.of(SECRET));

    @Test
    void the_vector_of_the_specification_holds_alone_and_among_others() {
        assertThat(verifier.holds(ID, TIMESTAMP, SIGNATURE, BODY, NOW)).isTrue();
        assertThat(verifier.holds(ID, TIMESTAMP, "v1a,xyz v1,AAAA " + SIGNATURE, BODY, NOW))
                .isTrue();
        assertThat(new WebhookVerifier(List.of("whsec_AAAA", SECRET)).holds(ID, TIMESTAMP, SIGNATURE, BODY, NOW))
                .isTrue();
    }

    @Test
    void nothing_that_was_changed_holds() {
        assertThat(verifier.holds("msg_other", TIMESTAMP, SIGNATURE, BODY, NOW)).isFalse();
        assertThat(verifier.holds(ID, "1614265331", SIGNATURE, BODY, NOW)).isFalse();
        assertThat(verifier.holds(ID, TIMESTAMP, SIGNATURE, "{}".getBytes(StandardCharsets.UTF_8), NOW))
                .isFalse();
        assertThat(verifier.holds(ID, TIMESTAMP, "", BODY, NOW)).isFalse();
        assertThat(new WebhookVerifier(List.of("whsec_AAAA")).holds(ID, TIMESTAMP, SIGNATURE, BODY, NOW))
                .isFalse();
    }

    @Test
    void one_that_is_five_minutes_off_does_not_hold() {
        assertThat(verifier.holds(ID, TIMESTAMP, SIGNATURE, BODY, NOW.plusSeconds(300)))
                .isTrue();
        assertThat(verifier.holds(ID, TIMESTAMP, SIGNATURE, BODY, NOW.plusSeconds(301)))
                .isFalse();
        assertThat(verifier.holds(ID, TIMESTAMP, SIGNATURE, BODY, NOW.minusSeconds(301)))
                .isFalse();
        assertThat(verifier.holds(ID, "soon", SIGNATURE, BODY, NOW)).isFalse();
    }

    @Test
    void a_secret_of_another_form_is_refused_without_being_quoted() {
        assertThatThrownBy(() -> new WebhookVerifier(List.of("whpk_abc"))).hasMessageNotContaining("abc");
        assertThatThrownBy(() -> new WebhookVerifier(List.of("whsec_*secret*"))).hasMessageNotContaining("secret*");
    }
}
