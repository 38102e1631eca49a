package org.brokerhandoff.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The sample website as those try it who forge requests, and what it lets be seen of a person. */
@ExtendWith(RunningSite.Provider.class)
class WebsiteSafetyIT {
    private final RunningSite site;

    WebsiteSafetyIT(RunningSite site) {
        this.site = site;
    }

    private Visitor visitor() {
        return new Visitor(site.address());
    }

    @Test
    void another_browser_sees_nothing_and_can_withdraw_nothing() {
        Visitor one = visitor();
        assertThat(one.register("en").statusCode()).isEqualTo(303);
        Visitor other = visitor();
        assertThat(other.get("/en/status").body())
                .contains("This browser has sent nothing")
                .doesNotContain("Fjord Markets", "Nordlys Invest");
        assertThat(other.get("/en/receipt").statusCode()).isEqualTo(404);
        assertThat(other.get("/en/withdraw").statusCode()).isEqualTo(303);
        // A token of its own, and one that it has got hold of.
        Map<String, String> own = other.form("/en/contact", "/en/contact");
        assertThat(other.post("/en/withdraw", own).headers().firstValue("Location"))
                .contains("/en/status");
        Map<String, String> stolen = one.form("/en/withdraw", "/en/withdraw");
        assertThat(other.post("/en/withdraw", stolen).statusCode()).isEqualTo(403);
        assertThat(one.get("/en/status").body()).contains("href=\"/en/withdraw\"");
    }

    @Test
    void a_session_that_was_given_to_a_browser_before_does_not_show_what_it_sends() {
        Visitor victim = visitor();
        victim.get("/en/");
        String planted = victim.cookie("session").orElseThrow();
        assertThat(victim.register("en").statusCode()).isEqualTo(303);
        assertThat(victim.cookie("session")).isPresent().get().isNotEqualTo(planted);
        HttpResponse<String> seen = new Visitor(site.address())
                .send(HttpRequest.newBuilder(URI.create(site.address() + "/en/status"))
                        .header("Cookie", "session=" + planted));
        assertThat(seen.body()).contains("This browser has sent nothing");
    }

    @Test
    void a_form_that_this_site_did_not_show_is_refused() {
        Visitor visitor = visitor();
        Map<String, String> hidden = visitor.form("/en/", "/en/register");
        for (String from : List.of("cross-site", "same-site", "none")) {
            assertThat(visitor.post(Optional.of(from), Optional.empty(), "/en/register", hidden, Visitor.person())
                            .statusCode())
                    .as(from)
                    .isEqualTo(403);
        }
        for (String origin : List.of("https://evil.example", "null", site.address() + ".evil.example")) {
            assertThat(visitor.post(Optional.empty(), Optional.of(origin), "/en/register", hidden, Visitor.person())
                            .statusCode())
                    .as(origin)
                    .isEqualTo(403);
        }
        assertThat(visitor.post(Optional.empty(), Optional.empty(), "/en/register", hidden, Visitor.person())
                        .statusCode())
                .isEqualTo(403);
        assertThat(visitor.post("/en/register", Map.of("token", "x.y", "form", hidden.get("form")), Visitor.person())
                        .statusCode())
                .isEqualTo(403);
        assertThat(visitor.post("/en/register", Map.of(), Visitor.person()).statusCode())
                .isEqualTo(403);
        // An older browser, which names its origin only.
        assertThat(visitor.post(Optional.empty(), Optional.of(site.address()), "/en/register", hidden, Visitor.person())
                        .statusCode())
                .isEqualTo(303);
    }

    @Test
    void a_cookie_that_this_site_has_not_set_does_not_stand_in_the_way_of_a_choice() {
        Visitor visitor = visitor();
        Map<String, String> banner = visitor.form("/en/", "/en/cookies");
        for (String forged : List.of("x", "00000000-0000-0000-0000-000000000001~necessary", "~", "")) {
            HttpResponse<String> answer = new Visitor(site.address())
                    .send(HttpRequest.newBuilder(URI.create(site.address() + "/en/cookies"))
                            .header(
                                    "Cookie",
                                    "cookies=" + forged + "; session="
                                            + visitor.cookie("session").orElseThrow())
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .header("Sec-Fetch-Site", "same-origin")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "token=" + banner.get("token") + "&choice=refuse")));
            assertThat(answer.statusCode()).as(forged).isEqualTo(303);
        }
    }

    @Test
    void nothing_of_a_person_is_in_logs_cookies_addresses_pages_or_files() throws IOException {
        Logger all = (Logger) LoggerFactory.getLogger("org.brokerhandoff");
        Logger own = (Logger) LoggerFactory.getLogger("org.brokerhandoff.website");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        all.addAppender(log);
        Level before = own.getLevel();
        own.setLevel(Level.TRACE);
        Visitor visitor = visitor();
        try {
            HttpResponse<String> sent = visitor.register("en");
            Map<String, String> contact = visitor.form("/en/contact", "/en/contact");
            HttpResponse<String> wrong = visitor.post(
                    "/en/contact",
                    contact,
                    "name",
                    Visitor.NAME,
                    "email",
                    Visitor.EMAIL + "@",
                    "subject",
                    Visitor.NAME,
                    "text",
                    Visitor.NAME);
            HttpResponse<String> malformed =
                    visitor.post("/en/contact", Map.of("token", "%", Visitor.EMAIL, Visitor.NAME));
            HttpResponse<String> unknown = visitor.get("/en/" + Visitor.EMAIL.replace("@", "%40"));
            for (HttpResponse<String> answer : List.of(sent, wrong, malformed, unknown, visitor.get("/en/status"))) {
                assertThat(answer.body()).doesNotContain("qx7z4", "Sunniva");
                assertThat(answer.headers().map().toString()).doesNotContain("qx7z4", "Sunniva", "9123");
            }
            assertThat(List.of(wrong.statusCode(), malformed.statusCode(), unknown.statusCode()))
                    .containsExactly(422, 403, 404);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> visitor.get("/en/status").body(), page -> page.contains("data-live=\"true\""));
        } finally {
            own.setLevel(before);
            all.detachAppender(log);
        }
        assertThat(List.copyOf(log.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(line -> line.contains("qx7z4") || line.contains("Sunniva") || line.contains("9123"));
        assertThat(site.find(Visitor.NAME, Visitor.EMAIL, "Vadsøtest")).isEmpty();
    }

    @Test
    void every_answer_forbids_what_the_pages_do_not_need() {
        Visitor visitor = visitor();
        for (String path :
                List.of("/en/", "/nb/contact", "/en/none", "/assets/site.css", "/", "/documents/" + "0".repeat(64))) {
            HttpResponse<String> answer = visitor.get(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .startsWith("default-src 'none'")
                    .contains("frame-ancestors 'none'", "form-action 'self'")
                    .doesNotContain("unsafe", "http:", "https:", "*");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }
        assertThat(visitor.get("/en/").headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(visitor.get("/en/register").statusCode()).isEqualTo(302);
    }

    @Test
    void who_comes_from_another_site_keeps_the_session() {
        // SameSite=Strict: the first request has no cookies, and must not be given a new one.
        HttpResponse<String> first = visitor()
                .send(HttpRequest.newBuilder(URI.create(site.address() + "/en/status"))
                        .header("Sec-Fetch-Site", "cross-site"));
        assertThat(first.headers().firstValue("Refresh")).contains("0; url=/en/status?back");
        assertThat(first.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "a=%zz", "a=%f", "name=%ff", "token=%c3%28"})
    void a_body_that_is_no_form_is_refused(String body) {
        Visitor visitor = visitor();
        visitor.get("/en/");
        HttpResponse<String> answer = visitor.send(HttpRequest.newBuilder(URI.create(site.address() + "/en/contact"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Sec-Fetch-Site", "same-origin")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void a_body_that_is_too_long_or_of_another_type_is_refused() {
        Visitor visitor = visitor();
        visitor.get("/en/");
        assertThat(visitor.post("/en/contact", Map.of(), "text", "x".repeat(200_000))
                        .statusCode())
                .isEqualTo(400);
        HttpResponse<String> json = visitor.send(HttpRequest.newBuilder(URI.create(site.address() + "/en/contact"))
                .header("Content-Type", "application/json")
                .header("Sec-Fetch-Site", "same-origin")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(json.statusCode()).isEqualTo(400);
        assertThat(visitor.send(HttpRequest.newBuilder(URI.create(site.address() + "/en/status"))
                                .header("Sec-Fetch-Site", "same-origin")
                                .DELETE())
                        .statusCode())
                .isEqualTo(405);
    }
}
