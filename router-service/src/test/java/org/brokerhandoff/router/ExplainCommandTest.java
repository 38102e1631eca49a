package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00.123456Z");

    @TempDir
    private Path directory = Path.of("replaced by JUnit");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void write() throws IOException {
        PrivateFiles.write(directory.resolve("secret"), Examples.SECRET);
        Files.writeString(directory.resolve("brokers.yaml"), """
                brokers:
                  - id: fjord
                    name: Fjord Markets AS
                    countries: ["*"]
                    transferBasis: {default: EEA}
                    privacyPolicy: https://fjord.example/privacy
                    endpoint: https://fjord.example/hooks/T0KEN?key=T0KEN
                    secretFiles: [secret]
                    fields:
                      lead.id: signupId
                      lead.name: lastName
                      lead.tel: {from: phone, as: digits}
                      lead.country: {from: country, as: alpha-3}
                      lead.city: {from: extra.city, otherwise: unknown}
                      source: {constant: handoff}
                  - id: plain
                    name: Plain
                    countries: ["*"]
                    transferBasis: {default: EEA}
                    privacyPolicy: https://plain.example/privacy
                    endpoint: https://plain.example/handoffs
                    secretFiles: [secret]
                """);
        Files.writeString(
                directory.resolve("sample.json"),
                "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}");
    }

    private int explain(String broker, String sample) {
        return new ExplainCommand(
                        Map.of(
                                "HANDOFF_BROKERS_FILE",
                                directory.resolve("brokers.yaml").toString()),
                        new PrintWriter(out),
                        new PrintWriter(err))
                .explain(broker, directory.resolve(sample).toString(), NOW);
    }

    @Test
    void the_request_is_printed_as_the_broker_gets_it_with_a_reason_for_each_field() {
        assertThat(explain("fjord", "sample.json")).isZero();
        assertThat(out.toString())
                .contains(
                        "POST https://fjord.example/…",
                        "webhook-timestamp: 1795352400",
                        "webhook-signature: v1,",
                        "{\"lead\":{\"id\":\"019aab00-0000-7000-8000-000000000001\",\"name\":\"Nordmann\","
                                + "\"country\":\"NOR\",\"city\":\"unknown\"},\"source\":\"handoff\"}",
                        "lead.tel      phone as digits: left out, the sample has none",
                        "lead.city     extra.city: the sample has none, so \"unknown\"",
                        "lead.country  country as alpha-3",
                        "source        always \"handoff\"")
                .doesNotContain(Examples.SECRET.substring(6), "T0KEN");
    }

    @Test
    void without_a_mapping_it_is_the_contracts_own_body() throws IOException {
        Files.writeString(
                directory.resolve("signup.json"),
                "{\"person\":{\"fullName\":\"Kari\",\"country\":\"NO\"},\"consent\":{\"policyVersion\":\"7\","
                        + "\"givenAt\":\"2026-11-22T12:00:00Z\"}}");
        assertThat(explain("plain", "signup.json")).isZero();
        assertThat(out.toString())
                .contains("\"person\":{\"fullName\":\"Kari\",\"country\":\"NO\"},\"consent\":{\"policyVersion\":\"7\","
                        + "\"purposes\":[\"broker-handoff\"],\"givenAt\":\"2026-11-22T12:00:00Z\"},"
                        + "\"assignedAt\":\"2026-11-22T13:00:00.123Z\"}");
    }

    @Test
    void what_cannot_be_explained_exits_1_and_what_cannot_be_read_2() throws IOException {
        assertThat(explain("nobody", "sample.json")).isEqualTo(1);
        Files.writeString(directory.resolve("list.json"), "[\"Kari\"]");
        assertThat(explain("fjord", "list.json")).isEqualTo(1);
        assertThat(explain("fjord", "none.json")).isEqualTo(2);
        Files.writeString(directory.resolve("brokers.yaml"), "brokers: [{id: fjord, fields: {x: whsec_abc}}]");
        assertThat(explain("fjord", "sample.json")).isEqualTo(1);
        Files.delete(directory.resolve("brokers.yaml"));
        assertThat(explain("fjord", "sample.json")).isEqualTo(2);
        assertThat(err.toString())
                .contains("no broker of that id", "neither a person", "cannot read", "/brokers/0/fields/x")
                .doesNotContain("Kari", "whsec_abc");
        assertThat(out.toString()).isEmpty();
    }
}
