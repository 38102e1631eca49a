package org.brokerhandoff.router.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.directory.NewBrokerSecret;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
    private static final String CURRENT = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String PREVIOUS = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLTvH";

    private static final String PRIVATE_KEY =
            "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
    private static final String ED25519_SIGNATURE =
            "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

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

    private static String signed(String... secrets) {
        return WebhookSignature.of(
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        Instant.ofEpochSecond(1_614_265_330),
                        body("{\"test\": 2432232314}"),
                        Arrays.stream(secrets).map(WebhookSignatureTest::secret).toList())
                .signature();
    }

    /** Computed with OpenSSL, by way of Node, from the same key. */
    @Test
    void the_known_message_has_the_known_ed25519_signature() {
        assertThat(signed(PRIVATE_KEY)).isEqualTo(ED25519_SIGNATURE);
        byte[] pair = Base64.getDecoder().decode(PRIVATE_KEY.substring("whsk_".length()));
        assertThat(signed("whsk_" + Base64.getEncoder().encodeToString(Arrays.copyOf(pair, 32))))
                .isEqualTo(ED25519_SIGNATURE);
    }

    @Test
    void secrets_of_both_schemes_sign_side_by_side_in_the_order_of_their_files() {
        assertThat(signed(PRIVATE_KEY, CURRENT, PRIVATE_KEY))
                .isEqualTo(ED25519_SIGNATURE + " v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= " + ED25519_SIGNATURE);
    }

    @Test
    void a_body_that_says_nothing_of_a_person_is_signed_alike() {
        byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
        assertThat(WebhookSignature.of(
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                Instant.ofEpochSecond(1_614_265_330),
                                body,
                                List.of(secret(CURRENT), secret(PRIVATE_KEY)))
                        .signature())
                .isEqualTo(signed(CURRENT, PRIVATE_KEY));
    }

    @Test
    void threads_that_sign_at_once_do_not_disturb_each_other() {
        WebhookSecret hmac = secret(CURRENT);
        WebhookSecret ed25519 = secret(PRIVATE_KEY);
        List<WebhookSecret> both = List.of(hmac, ed25519);
        assertThat(IntStream.range(0, 200)
                        .parallel()
                        .mapToObj(i -> WebhookSignature.of("m" + i % 5, Instant.EPOCH, body("body " + i % 5), both)
                                .signature())
                        .distinct())
                .hasSize(5);
    }

    @Test
    void a_fresh_key_of_either_scheme_is_read_back_and_verified_with_what_the_broker_gets() throws Exception {
        NewBrokerSecret pair = NewBrokerSecret.asymmetric(new SecureRandom());
        String[] parts = signed(pair.secret()).split(",", 2);
        Signature verifier = Signature.getInstance("Ed25519");
        byte[] head = HexFormat.of().parseHex("302a300506032b6570032100");
        byte[] publicKey = Base64.getDecoder().decode(pair.forBroker().substring("whpk_".length()));
        byte[] encoded = Arrays.copyOf(head, head.length + publicKey.length);
        System.arraycopy(publicKey, 0, encoded, head.length, publicKey.length);
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        verifier.update(
                "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));
        assertThat(verifier.verify(Base64.getDecoder().decode(parts[1]))).isTrue();
        NewBrokerSecret shared = NewBrokerSecret.symmetric(new SecureRandom());
        assertThat(shared.forBroker()).isEqualTo(shared.secret());
        assertThat(signed(shared.secret())).startsWith("v1,");
        assertThat(pair.toString() + shared).isEqualTo("NewBrokerSecret[redacted]NewBrokerSecret[redacted]");
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
                "whsk_",
                "whsk_c2hvcnQ=",
                "whsk_not base64 at all!",
                // The public half of another pair.
                "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvw==",
                "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void what_is_neither_an_hmac_nor_an_ed25519_key_is_no_secret(String text) {
        assertThat(WebhookSecret.parse(text)).isEmpty();
    }

    @Test
    void a_secret_cannot_be_printed() {
        assertThat(secret(CURRENT) + " " + secret(PRIVATE_KEY))
                .isEqualTo("HmacSecret[redacted] Ed25519Secret[redacted]");
    }
}
