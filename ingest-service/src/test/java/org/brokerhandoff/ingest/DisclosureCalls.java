package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/** Requests for disclosure over HTTP, with Kafka, the custody file and the register as in production. */
@SuppressWarnings("NullAway.Init") // set before the first test
abstract class DisclosureCalls extends RunningIngest {
    static final String REQUESTS = "/v1/disclosure-requests";
    static final String GRANTED_BY_LAW = "{\"decision\":\"granted\",\"ground\":\"legal-basis\"}";
    static final String GRANTED_BY_CONSENT = "{\"decision\":\"granted\",\"ground\":\"person-consented\"}";
    static final String REFUSED = "{\"decision\":\"refused\",\"ground\":\"too-wide\"}";

    @Override
    IngestSettings settings(Path folder) throws IOException {
        ReceiptKeyMain.write(folder.resolve("receipt.pem"));
        return installation
                .settings()
                .with(new IngestSettings.Receipts(Optional.empty(), List.of(folder.resolve("receipt.pem"))));
    }

    String signUp() {
        return website.signUp(UUID.randomUUID().toString(), Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();
    }

    static String body(String signupId, String basis) {
        return """
                {"signupId":"%s","requester":"authority","country":"NO","basis":"%s","scope":["recipients","purge"],
                 "preservation":true}""".formatted(signupId, basis);
    }

    static String withContact(String signupId) {
        return body(signupId, "consent").replaceFirst("}$", """
                ,"contact":{"name":"Ola Politi","email":"ola@politi.example","subject":"Case 4711","text":"Answer to me."}}""");
    }

    Website.Answer post(String secret, String path, String body) {
        return post(website, secret, path, body);
    }

    static Website.Answer post(Website client, String secret, String path, String body) {
        return client.send(client.request(path, secret)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    Website.Answer enter(String secret, String key, String body) {
        return website.send(website.request(REQUESTS, secret)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    String entered(String secret, String body) {
        Website.Answer answer = enter(secret, UUID.randomUUID().toString(), body);
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(201);
        return REQUESTS + "/" + answer.json().path("requestId").asText();
    }

    Website.Answer get(String secret, String path) {
        return website.send(website.request(path, secret).GET().build());
    }

    String ask(String request, Instant answerBy) {
        Website.Answer answer = post(Installation.ADMIN, request + "/question", "{\"answerBy\":\"" + answerBy + "\"}");
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(201);
        return answer.json().at("/questions/0/questionId").asText();
    }

    static void is(Website.Answer answer, int status, String code) {
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }

    <T extends org.apache.avro.specific.SpecificRecord> List<T> events(String signupId, Class<T> type) {
        return LogReader.events(installation, Topic.CONSENTS, type).stream()
                .filter(event -> EventId.signup(event).equals(Optional.of(UUID.fromString(signupId))))
                .toList();
    }

    static void replace(Path file, Path elsewhere, String text) throws IOException {
        Path next = Files.writeString(elsewhere.resolve("next"), text);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
