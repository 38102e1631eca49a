package org.brokerhandoff.router.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
    private static final String CURRENT = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String PREVIOUS = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLTvH";

    private static PersonalData body(String text) {
        return PersonalData.takeOver(text.getBytes(StandardCharsets.UTF_8));
    }

    private static WebhookSecret secret(String text) {
        return WebhookSecret.parse(text).orElseThrow();
    }

    /** The vector of the Standard Webhooks reference libraries' tests; computed again with another HMAC implementation. */
    @Test
    void the_known_message_has_the_known_signature() {
        WebhookSignature signature = WebhookSignature.of(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1_614_265_330),
                body("{\"test\": 2432232314}"),
                List.of(secret(CURRENT)));
        assertThat(signature.signature()).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assertThat(signature.timestampSeconds()).isEqualTo(1_614_265_330);
        assertThat(signature.id()).isEqualTo("msg_p5jXN8AQM9LWM0D4loKWxJek");
    }

    @Test
    void two_secrets_give_two_signatures_the_current_one_first() {
        WebhookSignature signature = WebhookSignature.of(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1_614_265_330),
                body("{\"test\": 2432232314}"),
                List.of(secret(CURRENT), secret(PREVIOUS)));
        assertThat(signature.signature())
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
                        + " v1,Yoa0n4ic4sJfMxqd+xMZBNEuvF5PVpgS3DZWkK90g2k=");
    }

    @Test
    void any_body_is_signed_as_the_concatenation_that_the_specification_names() throws GeneralSecurityException {
        Random random = new Random(9);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[random.nextInt(2_000)];
            random.nextBytes(bytes);
            Instant now = Instant.ofEpochSecond(random.nextInt());
            byte[] content = new String(
                            ("id-" + i + "." + now.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8),
                            StandardCharsets.ISO_8859_1)
                    .concat(new String(bytes, StandardCharsets.ISO_8859_1))
                    .getBytes(StandardCharsets.ISO_8859_1);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(CURRENT.substring("whsec_".length())), "HmacSHA256"));
            assertThat(WebhookSignature.of("id-" + i, now, PersonalData.takeOver(bytes), List.of(secret(CURRENT)))
                            .signature())
                    .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(content)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "whsec_",
                "whsec_c2hvcnQ=",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_not base64 at all!",
                "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void what_is_not_24_to_64_bytes_in_base64_is_no_secret(String text) {
        assertThat(WebhookSecret.parse(text)).isEmpty();
    }

    @Test
    void a_secret_cannot_be_printed() {
        assertThat(secret(CURRENT).toString()).doesNotContain("MfKQ");
    }
}
