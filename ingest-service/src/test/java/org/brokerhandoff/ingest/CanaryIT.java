package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.brokerhandoff.embeddedkafka.EmbeddedKafkaSettings;
import org.brokerhandoff.embeddedkafka.KafkaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Sends planted people through success and every failure, then searches all remaining data. */
@ResourceLock(LogCapture.LOCK)
class CanaryIT {
    private static final String NAME = "Kanarifugl Plantesen";
    private static final String EMAIL = "kanarifugl.plantesen@canary.example";
    private static final String PHONE = "91298765";
    private static final String EXTRA = "Plantedalsveien";
    private static final String KEY = "kanarifugl-idempotency-key";

    @Test
    void nothing_of_a_person_is_found_in_files_topics_logs_metrics_or_answers(@TempDir Path directory)
            throws IOException {
        Vertx vertx = Vertx.vertx();
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        List<String> answers = new ArrayList<>();
        Path kafkaDirectory = directory.resolve("kafka");
        Path files = directory.resolve("ingest");
        try (KafkaProcess kafka = KafkaProcess.start(EmbeddedKafkaSettings.in(kafkaDirectory));
                LogCapture capture = new LogCapture(logged)) {
            Installation installation = Installation.in(files, kafka.bootstrapServers(), "canary.");
            try (IngestWithRegister service = installation.start(vertx)) {
                Website website = new Website(service.port()).ready();
                capture.begin();
                String good = body(NAME, EMAIL, PHONE, Website.POLICY, "");
                answers.add(told(website.signUp(KEY, good)));
                answers.add(told(website.signUp(KEY, good)));
                String id = website.signUp(KEY, good).json().path("signupId").asText();
                answers.add(told(website.get("/v1/signups/" + id)));
                answers.add(told(website.get("/v1/signups/" + id + "/receipt")));
                answers.add(told(website.withdraw(id)));
                for (String bad : List.of(
                        body(NAME, EMAIL + "@", PHONE, Website.POLICY, ""),
                        body("1" + NAME + "\\u0000", EMAIL, PHONE, Website.POLICY, ""),
                        body(NAME, EMAIL, PHONE + PHONE, Website.POLICY, ""),
                        body(NAME, EMAIL, PHONE, "unknown", ""),
                        body(NAME, EMAIL, PHONE, EMAIL, ""),
                        body(NAME, EMAIL, PHONE, Website.POLICY, ",\"" + EMAIL + "\":\"" + NAME + "\""),
                        good.replace("\"country\":\"NO\"", "\"country\":\"" + NAME + "\""),
                        good.replace("\"language\":\"nb\"", "\"language\":\"" + EXTRA + "\""),
                        good.replace("registration-form", EMAIL),
                        good.replace("\"email\"", "\"" + EXTRA + "\""),
                        good.substring(0, good.length() - 40),
                        good.replace(":", ""),
                        good + " ".repeat(20_000))) {
                    answers.add(told(website.signUp("bad", bad)));
                }
                answers.add(told(website.send(website.request("/v1/signups", "wrong")
                        .POST(HttpRequest.BodyPublishers.ofString(good))
                        .build())));
                String message = message(NAME, EMAIL);
                answers.add(told(website.contact(KEY, message)));
                for (String bad : List.of(
                        message(NAME, EMAIL + "@"),
                        message(NAME + "\\u0000", EMAIL),
                        message.replace("\"email\"", "\"" + EXTRA + "\""),
                        message.substring(0, message.length() - 2))) {
                    answers.add(told(website.contact("bad", bad)));
                }
                String request = disclosure(id, message);
                Website.Answer entered = disclosure(website, KEY, request);
                assertThat(entered.status()).describedAs("%s", entered).isEqualTo(201);
                answers.add(told(entered));
                for (String bad : List.of(
                        disclosure(id, message(NAME, EMAIL + "@")),
                        disclosure(id.replace("0", "f"), message),
                        request.replace("\"NO\"", "\"" + NAME + "\""),
                        request.replace("\"consent\"", "\"" + EMAIL + "\""),
                        request.replace("\"contact\"", "\"" + EXTRA + "\""),
                        request.substring(0, request.length() - 2))) {
                    answers.add(told(disclosure(website, "bad", bad)));
                }
                String rectification = "{\"type\":\"rectification\",\"person\":"
                        + good.substring(good.indexOf("{\"fullName\""), good.indexOf(",\n\"consent\"")) + "}";
                for (String demand : List.of(
                        rectification,
                        rectification.replace("\"NO\"", "\"" + NAME + "\""),
                        rectification.replace("\"email\"", "\"" + EXTRA + "\""),
                        rectification.replace("rectification", "erasures"),
                        rectification.substring(0, rectification.length() - 3))) {
                    answers.add(told(
                            website.send(website.request("/v1/signups/" + id + "/rights-requests", Installation.WEBSITE)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(demand))
                                    .build())));
                }
                answers.add(told(website.send(
                        website.request("/metrics", Installation.ADMIN).build())));
                kafka.kill();
                answers.add(told(website.signUp("outage", good)));
                kafka.restart();
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }

        Map<String, byte[]> places = new TreeMap<>();
        places.put("answers", String.join("\n", answers).getBytes(StandardCharsets.UTF_8));
        places.put("logs", logged.toByteArray());
        try (Stream<Path> all = Files.walk(directory)) {
            all.filter(Files::isRegularFile).forEach(file -> places.put(file.toString(), bytes(file)));
        }
        assertThat(places.keySet())
                .anyMatch(place -> place.endsWith("custody.slots"))
                .anyMatch(place -> place.endsWith("idempotency.db"))
                .anyMatch(place -> place.endsWith("register.db"))
                .anyMatch(place -> place.contains("canary.consents") && place.endsWith(".log"));
        assertThat(new String(logged.toByteArray(), StandardCharsets.UTF_8)).contains("invalid-signup");
        places.forEach((place, content) -> {
            String text = new String(content, StandardCharsets.ISO_8859_1);
            for (String secret : List.of(NAME, EMAIL, PHONE, EXTRA, KEY)) {
                for (String form : forms(secret)) {
                    assertThat(text.contains(form))
                            .describedAs("%s in %s", secret, place)
                            .isFalse();
                }
            }
        });
    }

    private static String body(String name, String email, String phone, String policy, String more) {
        return """
                {"person":{"fullName":"%s","email":"%s","country":"NO","phone":"%s","language":"nb","extra":{"street":"%s"}%s},
                "consent":{"policyVersion":"%s","purposes":["broker-handoff"],"recipients":["fjord-markets"],"givenAt":"%s","method":"registration-form"}}""".formatted(name, email, phone, EXTRA, more, policy, Instant.now());
    }

    private static String message(String name, String email) {
        return """
                {"name":"%s","email":"%s","subject":"%s","text":"%s, %s"}""".formatted(name, email, EXTRA, PHONE, EXTRA);
    }

    private static String disclosure(String signupId, String message) {
        return """
                {"signupId":"%s","requester":"authority","country":"NO","basis":"consent","scope":["recipients"],"contact":%s}""".formatted(signupId, message.strip());
    }

    private static Website.Answer disclosure(Website website, String key, String body) {
        return website.send(website.request("/v1/disclosure-requests", Installation.ADMIN)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static String told(Website.Answer answer) {
        return answer.response().headers().map() + "\n" + answer;
    }

    /** A text as it may occur in a file, read byte by byte. */
    private static List<String> forms(String text) {
        List<String> forms = new ArrayList<>();
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
            forms.add(new String(text.getBytes(charset), StandardCharsets.ISO_8859_1));
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        forms.add(HexFormat.of().formatHex(bytes));
        // The middle of its three alignments, less what depends on the neighbours.
        for (int cut = 0; cut < 3; cut++) {
            String encoded = Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(java.util.Arrays.copyOfRange(bytes, cut, bytes.length));
            forms.add(encoded.substring(0, encoded.length() - 2));
        }
        return forms;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
