package org.brokerhandoff.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReceiptVerifierTest {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final byte[] BODY = "{\"signupId\":\"1\"}".getBytes(StandardCharsets.UTF_8);

    private final KeyPair key = pair();
    private final ReceiptVerifier verifier = ReceiptVerifier.of(keySet(key));

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] keySet(KeyPair key) {
        byte[] encoded = key.getPublic().getEncoded();
        String x = BASE64URL.encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        return ("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"other\"},{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"a\",\"x\":\""
                        + x + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String signature(KeyPair key, String header, byte[] body) throws GeneralSecurityException {
        String protectedHeader = BASE64URL.encodeToString(header.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key.getPrivate());
        signature.update((protectedHeader + "." + BASE64URL.encodeToString(body)).getBytes(StandardCharsets.US_ASCII));
        return protectedHeader + ".." + BASE64URL.encodeToString(signature.sign());
    }

    @Test
    void a_body_as_it_was_sent_holds_and_a_changed_one_does_not() throws Exception {
        String signature = signature(key, "{\"alg\":\"EdDSA\",\"kid\":\"a\"}", BODY);
        assertThat(verifier.holds(BODY, signature)).isTrue();
        assertThat(verifier.holds(new Answer(200, BODY, Optional.of(signature))))
                .isTrue();
        assertThat(verifier.holds("{ }".getBytes(StandardCharsets.UTF_8), signature))
                .isFalse();
        assertThat(verifier.holds(new Answer(200, BODY, Optional.empty()))).isFalse();
    }

    @Test
    void neither_another_key_nor_another_algorithm_nor_an_odd_header_holds() throws Exception {
        assertThat(verifier.holds(BODY, signature(pair(), "{\"alg\":\"EdDSA\",\"kid\":\"a\"}", BODY)))
                .isFalse();
        assertThat(verifier.holds(BODY, signature(key, "{\"alg\":\"EdDSA\",\"kid\":\"b\"}", BODY)))
                .isFalse();
        assertThat(verifier.holds(BODY, signature(key, "{\"alg\":\"none\",\"kid\":\"a\"}", BODY)))
                .isFalse();
        assertThat(verifier.holds(BODY, signature(key, "{\"alg\":\"EdDSA\",\"kid\":\"a\",\"b64\":false}", BODY)))
                .isFalse();
        for (String odd : new String[] {"", "..", "a..b", "a.b.c", "*..*", "e30..e30"}) {
            assertThat(verifier.holds(BODY, odd)).as(odd).isFalse();
        }
    }

    @Test
    void what_is_no_key_set_is_refused() {
        assertThatThrownBy(() -> ReceiptVerifier.of("not json".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ReceiptVerifier.of("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}]}"
                        .getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
