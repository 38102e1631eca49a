package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.CookieKind;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Visitors choose cookies by a random id, read the current choice, and withdraw it. */
class CookiesIT extends RunningIngest {
    private static final String TEXT = "We use cookies.";
    private static final String DIGEST = Digests.hex(Digests.sha256(TEXT));
    private static final String PRIVACY = "a".repeat(64);

    @BeforeAll
    void publishCookiePolicy() {
        Website.Answer published = post(
                Installation.ADMIN,
                "/v1/policies",
                "{\"kind\":\"cookies\",\"version\":\"1\",\"language\":\"en\",\"text\":\"" + TEXT
                        + "\",\"effectiveAt\":\"2020-01-01T00:00:00Z\"}");
        assertThat(published.status()).describedAs("%s", published).isEqualTo(201);
    }

    private Website.Answer post(String secret, String path, String body) {
        return website.send(website.request(path, secret)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private Website.Answer get(String secret, String visitor) {
        return website.send(
                website.request("/v1/cookie-choices/" + visitor, secret).GET().build());
    }

    private Website.Answer withdraw(String secret, String visitor) {
        return website.send(website.request("/v1/cookie-choices/" + visitor + "/withdrawal", secret)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private static String body(String visitor, String accepted, String digest, Instant chosenAt) {
        return "{" + (visitor.isEmpty() ? "" : "\"visitorId\":\"" + visitor + "\",")
                + "\"choices\":{" + accepted + "},"
                + (digest.isEmpty() ? "" : "\"documentSha256\":\"" + digest + "\",")
                + "\"chosenAt\":\"" + chosenAt + "\",\"method\":\"banner\"}";
    }

    private Website.Answer choose(String visitor, String accepted, Instant chosenAt) {
        return post(
                Installation.WEBSITE,
                "/v1/cookie-choices",
                body(visitor, accepted, accepted.isEmpty() ? "" : DIGEST, chosenAt));
    }

    private static List<String> accepted(Website.Answer answer) {
        List<String> kinds = new ArrayList<>();
        answer.json().path("choices").properties().stream()
                .filter(kind -> kind.getValue().asBoolean())
                .forEach(kind -> kinds.add(kind.getKey()));
        return kinds;
    }

    @Test
    void a_choice_is_on_record_and_holds_until_the_next_one() {
        Website.Answer first = choose("", "\"necessary\":true,\"thirdParty\":true", Instant.now());
        assertThat(first.status()).describedAs("%s", first).isEqualTo(201);
        String visitor = first.json().path("visitorId").asText();
        assertThat(UUID.fromString(visitor).version()).isEqualTo(4);

        Website.Answer present = get(Installation.WEBSITE, visitor);
        assertThat(present.json()).isEqualTo(first.json());
        assertThat(accepted(present)).containsExactly("necessary", "thirdParty");

        assertThat(choose(visitor, "\"analytics\":true", Instant.now()).status())
                .isEqualTo(201);
        assertThat(accepted(get(Installation.WEBSITE, visitor))).containsExactly("analytics");
        assertThat(LogReader.events(installation, Topic.CONSENTS, CookieChoice.class))
                .filteredOn(event ->
                        SignupIds.uuid(event.getVisitorId().bytes()).toString().equals(visitor))
                .extracting(CookieChoice::getAccepted)
                .containsExactly(
                        List.of(CookieKind.NECESSARY, CookieKind.THIRD_PARTIES), List.of(CookieKind.ANALYTICS));
    }

    @Test
    void after_a_withdrawal_nothing_is_accepted_and_a_request_repeated_late_brings_nothing_back() {
        Instant chosenAt = Instant.now();
        String visitor = choose("", "\"analytics\":true", chosenAt)
                .json()
                .path("visitorId")
                .asText();
        Website.Answer withdrawn = withdraw(Installation.WEBSITE, visitor);
        assertThat(withdrawn.status()).describedAs("%s", withdrawn).isEqualTo(201);
        assertThat(accepted(withdrawn)).isEmpty();

        // A retry of the same request by a client without an answer; and one from a clock that is ahead.
        assertThat(choose(visitor, "\"analytics\":true", chosenAt).status()).isEqualTo(201);
        Website.Answer present = get(Installation.WEBSITE, visitor);
        assertThat(accepted(present)).isEmpty();
        assertThat(present.json().path("method").asText()).isEqualTo("withdrawal");

        assertThat(choose(visitor, "\"analytics\":true", Instant.now()).status())
                .isEqualTo(201);
        assertThat(accepted(get(Installation.WEBSITE, visitor))).containsExactly("analytics");
    }

    @Test
    void a_withdrawal_counts_although_the_choice_was_dated_by_a_clock_that_is_ahead() {
        String visitor = choose("", "\"analytics\":true", Instant.now().plus(Duration.ofMinutes(4)))
                .json()
                .path("visitorId")
                .asText();
        withdraw(Installation.WEBSITE, visitor);
        assertThat(accepted(get(Installation.WEBSITE, visitor))).isEmpty();
    }

    @Test
    void an_unknown_visitor_may_withdraw_and_is_not_asked_for_a_text() {
        String visitor = UUID.randomUUID().toString();
        assertThat(get(Installation.WEBSITE, visitor).code()).isEqualTo("unknown-visitor");
        assertThat(withdraw(Installation.WEBSITE, visitor).status()).isEqualTo(201);
        assertThat(get(Installation.WEBSITE, visitor).status()).isEqualTo(200);
        assertThat(choose(visitor, "", Instant.now()).status()).isEqualTo(201);
    }

    @Test
    void to_accept_takes_the_text_of_a_cookie_policy_in_force() {
        for (String digest : List.of("c".repeat(64), PRIVACY)) {
            Website.Answer refused = post(
                    Installation.WEBSITE, "/v1/cookie-choices", body("", "\"analytics\":true", digest, Instant.now()));
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.code()).isEqualTo("policy-unknown");
        }
    }

    @Test
    void a_website_sees_and_changes_only_what_its_own_visitors_chose() {
        String visitor = choose("", "\"analytics\":true", Instant.now())
                .json()
                .path("visitorId")
                .asText();
        assertThat(get(Installation.OTHER_WEBSITE, visitor).code()).isEqualTo("unknown-visitor");
        assertThat(withdraw(Installation.OTHER_WEBSITE, visitor).status()).isEqualTo(201);
        assertThat(accepted(get(Installation.WEBSITE, visitor))).containsExactly("analytics");
        assertThat(accepted(get(Installation.OTHER_WEBSITE, visitor))).isEmpty();
        assertThat(get(Installation.ADMIN, visitor).status()).isEqualTo(403);
    }

    @Test
    void the_id_of_a_signup_is_no_visitors() {
        String signup = website.signUp("cookies-and-signup", Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();
        assertThat(choose(signup, "", Instant.now()).status()).isEqualTo(422);
        assertThat(withdraw(Installation.WEBSITE, signup).code()).isEqualTo("unknown-visitor");
        assertThat(get(Installation.WEBSITE, signup).code()).isEqualTo("unknown-visitor");
    }
}
