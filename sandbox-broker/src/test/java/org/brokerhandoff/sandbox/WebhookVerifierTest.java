package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookVerifierTest {
    // The example of the Standard Webhooks and Svix documentation.
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final long SENT_AT = 1614265330L;
    private static final String TIMESTAMP = "1614265330";
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final WebhookSecret SECRET = WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    private final Instant now = Instant.ofEpochSecond(SENT_AT);
    private final WebhookVerifier verifier = new WebhookVerifier(List.of(SECRET));

    @Test
    void the_published_example_verifies() {
        assertThat(SECRET.sign(ID, TIMESTAMP, BODY)).isEqualTo(SIGNATURE);
        assertThat(verifier.problem(ID, TIMESTAMP, SIGNATURE, BODY, now)).isEmpty();
    }

    @Test
    void one_good_signature_among_several_is_enough() {
        String others = "v1a,AAAA v1,%%% v1, v2," + SIGNATURE.substring(3) + " ";
        assertThat(verifier.problem(ID, TIMESTAMP, others, BODY, now)).isPresent();
        assertThat(verifier.problem(ID, TIMESTAMP, others + SIGNATURE, BODY, now))
                .isEmpty();
    }

    @Test
    void both_secrets_of_a_rotation_are_taken() {
        WebhookSecret next = WebhookSecret.random();
        WebhookVerifier rotating = new WebhookVerifier(List.of(next, SECRET));
        assertThat(rotating.problem(ID, TIMESTAMP, SIGNATURE, BODY, now)).isEmpty();
        assertThat(rotating.problem(ID, TIMESTAMP, next.sign(ID, TIMESTAMP, BODY), BODY, now))
                .isEmpty();
        assertThat(new WebhookVerifier(List.of(next)).problem(ID, TIMESTAMP, SIGNATURE, BODY, now))
                .isPresent();
    }

    @Test
    void any_change_breaks_the_signature() {
        byte[] otherBody = "{\"test\": 2432232315}".getBytes(StandardCharsets.UTF_8);
        assertThat(verifier.problem(ID, TIMESTAMP, SIGNATURE, otherBody, now)).isPresent();
        assertThat(verifier.problem(ID + "x", TIMESTAMP, SIGNATURE, BODY, now)).isPresent();
        assertThat(verifier.problem(ID, "1614265331", SIGNATURE, BODY, now)).isPresent();
    }

    @Test
    void a_timestamp_may_be_5_minutes_off_and_no_more() {
        assertThat(verifier.problem(ID, TIMESTAMP, SIGNATURE, BODY, now.plusSeconds(300)))
                .isEmpty();
        assertThat(verifier.problem(ID, TIMESTAMP, SIGNATURE, BODY, now.minusSeconds(300)))
                .isEmpty();
        assertThat(verifier.problem(ID, TIMESTAMP, SIGNATURE, BODY, now.plusSeconds(301)))
                .isPresent();
        assertThat(verifier.problem(ID, TIMESTAMP, SIGNATURE, BODY, now.minusSeconds(301)))
                .isPresent();
        assertThat(verifier.problem(ID, "soon", SIGNATURE, BODY, now)).isPresent();
        assertThat(verifier.problem(ID, "9223372036854775807", SIGNATURE, BODY, now))
                .isPresent();
    }

    @Test
    void missing_headers_are_a_problem_only_where_there_are_secrets() {
        assertThat(verifier.problem(null, TIMESTAMP, SIGNATURE, BODY, now)).isPresent();
        assertThat(verifier.problem(ID, null, SIGNATURE, BODY, now)).isPresent();
        assertThat(verifier.problem(ID, TIMESTAMP, null, BODY, now)).isPresent();
        assertThat(new WebhookVerifier(List.of()).problem(null, null, null, BODY, now))
                .isEmpty();
    }

    @Test
    void a_secret_survives_its_text_form_and_is_not_printed() {
        WebhookSecret secret = WebhookSecret.random();
        assertThat(WebhookSecret.parse(secret.text() + "\n").sign(ID, TIMESTAMP, BODY))
                .isEqualTo(secret.sign(ID, TIMESTAMP, BODY));
        assertThat(secret.toString()).doesNotContain(secret.text().substring(6));
    }

    @Test
    void a_bad_secret_is_refused_without_being_repeated() {
        for (String bad : List.of(
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!fKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=")) {
            assertThatThrownBy(() -> WebhookSecret.parse(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasNoCause()
                    .extracting(e -> String.valueOf(e.getMessage()))
                    .matches(message -> !message.contains(bad.substring(6)) && !message.contains("21"));
        }
    }
}
