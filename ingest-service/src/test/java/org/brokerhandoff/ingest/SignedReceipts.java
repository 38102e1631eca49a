package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ingest.http.PromisedAnswers;
import org.junit.jupiter.api.BeforeAll;

/** A service that signs receipts by two keys, and one receipt. */
@SuppressWarnings("NullAway.Init") // set before the first test
abstract class SignedReceipts extends RunningIngest {
    static final String LEDGER = "handoff.example.org/test/ledger/1";
    static final Base64.Decoder BASE64URL = Base64.getUrlDecoder();

    Path directory;
    String id;

    @Override
    IngestSettings settings(Path folder) throws IOException {
        directory = folder;
        ReceiptKeyMain.write(directory.resolve("new.pem"));
        ReceiptKeyMain.write(directory.resolve("old.pem"));
        Files.writeString(directory.resolve("operator.yaml"), """
                name: Portal AS
                address: Storgata 1, 0155 Oslo
                contact: privacy@portal.example
                jurisdiction: NO
                extraMembers: [city]
                """);
        return installation
                .settings()
                .with(new IngestSettings.Receipts(
                        Optional.of(directory.resolve("operator.yaml")),
                        List.of(directory.resolve("new.pem"), directory.resolve("old.pem")),
                        Optional.of(new PromisedAnswers.Promise(LEDGER, Duration.ofHours(24))),
                        Optional.empty()));
    }

    @BeforeAll
    void signUp() {
        id = website.signUp("receipt", Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();
    }

    Website.Answer receipt(String accept) {
        return website.send(website.request("/v1/signups/" + id + "/receipt", Installation.WEBSITE)
                .header("Accept", accept)
                .GET()
                .build());
    }

    JsonNode keys() {
        return website.send(HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + service.port() + "/.well-known/jwks.json"))
                        .build())
                .json()
                .path("keys");
    }

    /** The JDK's own Ed25519, from the published key alone. */
    static boolean verified(JsonNode jwk, String jws, String payload) throws Exception {
        String[] parts = jws.split("\\.", -1);
        assertThat(parts).hasSize(3);
        assertThat(parts[1]).isEmpty();
        byte[] x = BASE64URL.decode(jwk.path("x").asText());
        boolean odd = (x[31] & 0x80) != 0;
        x[31] &= 0x7f;
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = x[31 - i];
        }
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(
                        NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, bigEndian)))));
        String encoded =
                Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(StandardCharsets.UTF_8));
        verifier.update((parts[0] + "." + encoded).getBytes(StandardCharsets.US_ASCII));
        return verifier.verify(BASE64URL.decode(parts[2]));
    }
}
