package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.country.file.InvalidCountryRules;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules per country: what they refuse, what is recorded, and that the log has them before they are applied. */
@SuppressWarnings("NullAway.Init") // set before the first test
class CountriesIT extends RunningIngest {
    private static final String RULES = """
            countries:
              NO:
                minimumAge: 18
              DE:
                answerWithin: P14D
                extension: P1W
              AT:
                answerWithin: P30D
                extension: P0D
            """;

    private Path file;

    @Override
    IngestSettings settings(Path folder) throws IOException {
        file = Files.writeString(folder.resolve("countries.yaml"), RULES);
        return installation.settings().withCountries(file);
    }

    /** Never a part of it: the service may read it at any time. */
    private void write(String rules) throws IOException {
        Path whole = Files.writeString(file.resolveSibling("countries.new"), rules);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Website.Answer signUp(String country, @Nullable Integer age) {
        return website.signUp(UUID.randomUUID().toString(), body(country, age));
    }

    private static String body(String country, @Nullable Integer age) {
        return Website.body("Kari Nordmann")
                .replace("\"NO\"", "\"" + country + "\"")
                .replace("912 34 567", "+4791234567")
                .replace("\"consent\":{", "\"consent\":{" + (age == null ? "" : "\"declaredAge\":" + age + ","));
    }

    private static void assertRefused(Website.Answer answer, String code) {
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("invalid-signup");
        assertThat(answer.json().path("errors").findValuesAsText("code")).containsExactly(code);
        assertThat(answer.json().path("errors").findValuesAsText("pointer")).containsExactly("/consent/declaredAge");
    }

    private String accepted(Website.Answer answer) {
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(202);
        return answer.json().path("signupId").asText();
    }

    private ConsentGranted consent(String signup) {
        return LogReader.events(installation, Topic.CONSENTS, ConsentGranted.class).stream()
                .filter(event -> SignupIds.uuid(event.getSignupId()).toString().equals(signup))
                .findFirst()
                .orElseThrow();
    }

    private List<CountryRulesPublished> published() {
        return LogReader.events(installation, Topic.CONSENTS, CountryRulesPublished.class);
    }

    private JsonNode asked(String signup) {
        Website.Answer answer = website.ask(signup, "objection");
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(202);
        return answer.json();
    }

    private Website.Answer extend(JsonNode request) {
        return website.decide(request.at("/links/self").asText() + "/extension", "{\"reason\":\"complexity\"}");
    }

    private static Instant time(JsonNode json, String member) {
        return Instant.parse(json.path(member).asText());
    }

    @Test
    void who_lives_where_an_age_is_asked_for_has_to_confirm_it_and_it_is_recorded_with_the_consent() {
        assertRefused(signUp("NO", null), "declared-age-required");
        assertRefused(signUp("NO", 17), "declared-age-too-low");
        assertRefused(signUp("NO", 44), "declared-age-invalid");
        String signup = accepted(signUp("NO", 18));
        assertThat(consent(signup).getDeclaredAge()).isEqualTo(18);
        assertThat(consent(accepted(signUp("SE", null))).getDeclaredAge()).isNull();
        assertThat(consent(accepted(signUp("SE", 16))).getDeclaredAge()).isEqualTo(16);

        JsonNode receipt = website.get("/v1/signups/" + signup + "/receipt").json();
        assertThat(receipt.at("/events/0/declaredAge").asInt()).isEqualTo(18);
    }

    @Test
    void the_same_request_with_another_age_is_another_request() {
        String key = UUID.randomUUID().toString();
        String body = body("NO", 18);
        String signup = accepted(website.signUp(key, body));
        assertThat(accepted(website.signUp(key, body))).isEqualTo(signup);
        // It was answered: the answer stands, whatever a later request says.
        assertThat(accepted(website.signUp(key, body.replace("18", "17")))).isEqualTo(signup);
    }

    @Test
    void the_log_has_the_rules_as_the_file_has_them_and_before_any_consent_under_them() {
        accepted(signUp("NO", 18));
        CountryRulesPublished event = published().get(0);
        assertThat(CountryRules.faults(event, new EventCodec())).isEmpty();
        CountryRules rules = CountryRules.of(event);
        assertThat(rules.byCountry()).containsOnlyKeys("AT", "DE", "NO");
        assertThat(rules.of(Optional.of("NO")).minimumAge()).contains(18);
        assertThat(LogReader.events(installation, Topic.CONSENTS, ConsentGranted.class))
                .allSatisfy(consent -> assertThat(consent.getReceivedAt()).isAfterOrEqualTo(event.getPublishedAt()));
    }

    @Test
    void a_request_is_due_by_the_rules_of_the_country_that_the_consent_names() {
        JsonNode german = asked(accepted(signUp("DE", null)));
        assertThat(time(german, "dueAt")).isEqualTo(time(german, "requestedAt").plus(Duration.ofDays(14)));
        Website.Answer extended = extend(german);
        assertThat(extended.status()).describedAs("%s", extended).isEqualTo(200);
        assertThat(time(extended.json(), "dueAt"))
                .isEqualTo(time(german, "requestedAt").plus(Duration.ofDays(21)));

        JsonNode austrian = asked(accepted(signUp("AT", null)));
        OffsetDateTime requested =
                OffsetDateTime.parse(austrian.path("requestedAt").asText());
        assertThat(time(austrian, "dueAt"))
                .isBeforeOrEqualTo(requested.plusDays(30).toInstant())
                .isBeforeOrEqualTo(requested.plusMonths(1).toInstant());
        Website.Answer refused = extend(austrian);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("not-extendable");

        JsonNode swedish = asked(accepted(signUp("SE", null)));
        OffsetDateTime asked = OffsetDateTime.parse(swedish.path("requestedAt").asText());
        assertThat(time(swedish, "dueAt")).isEqualTo(asked.plusMonths(1).toInstant());
        assertThat(time(extend(swedish).json(), "dueAt"))
                .isEqualTo(asked.plusMonths(3).toInstant());
    }

    @Test
    void a_message_has_no_country_and_the_time_of_the_GDPR() {
        String message = website.contact(UUID.randomUUID().toString(), Website.message("Kari Nordmann"))
                .json()
                .path("messageId")
                .asText();
        JsonNode request = asked(message);
        assertThat(time(request, "dueAt"))
                .isEqualTo(OffsetDateTime.parse(request.path("requestedAt").asText())
                        .plusMonths(1)
                        .toInstant());
    }

    @Test
    void a_changed_file_is_taken_up_and_a_wrong_one_is_not() throws IOException {
        write(RULES + "  DK:\n    minimumAge: 21\n");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertRefused(signUp("DK", 20), "declared-age-too-low"));
        accepted(signUp("DK", 21));

        write(RULES.replace("18", "81"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(website.get("/health/ready").response().body())
                                .contains("country-rules-invalid"));
        assertRefused(signUp("DK", 20), "declared-age-too-low");

        write(RULES);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(signUp("DK", null).status()).isEqualTo(202));
        assertThat(website.get("/health/ready").response().body()).doesNotContain("country-rules-invalid");
        assertThat(published().get(published().size() - 1).getRules()).hasSize(3);
    }

    @Test
    void a_start_with_a_wrong_file_fails_with_all_that_is_wrong(@TempDir Path folder) throws IOException {
        Path wrong = Files.writeString(folder.resolve("countries.yaml"), "countries: {XX: {minimumAge: 0}}\n");
        Installation other = Installation.in(folder, Installation.NO_KAFKA, "test-countries.");
        assertThatThrownBy(() -> IngestService.start(other.settings().withCountries(wrong), vertx))
                .isInstanceOf(InvalidCountryRules.class)
                .hasMessageContaining("/countries/XX")
                .hasMessageContaining("minimumAge");
    }

    @Test
    void a_service_without_a_file_says_so_and_ends_what_the_file_of_before_said(@TempDir Path folder)
            throws IOException {
        Installation other =
                Installation.in(folder, installation.bootstrapServers(), "test-" + UUID.randomUUID() + ".");
        Path rules = Files.writeString(folder.resolve("countries.yaml"), RULES);
        try (IngestWithRegister with = IngestWithRegister.start(other.settings().withCountries(rules), vertx)) {
            new Website(with.port()).ready();
        }
        try (IngestWithRegister without = IngestWithRegister.start(other.settings(), vertx)) {
            other.publishDirectory();
            Website there = new Website(without.port()).ready();
            accepted(there.signUp(UUID.randomUUID().toString(), body("NO", null)));
        }
        List<CountryRulesPublished> published = LogReader.events(other, Topic.CONSENTS, CountryRulesPublished.class);
        assertThat(published).hasSize(2);
        assertThat(published.get(0).getRules()).hasSize(3);
        assertThat(published.get(1).getRules()).isEmpty();
    }
}
