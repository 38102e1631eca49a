package org.brokerhandoff.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample website as a browser without scripts sees it. */
@ExtendWith(RunningSite.Provider.class)
class WebsiteIT {
    private final RunningSite site;

    WebsiteIT(RunningSite site) {
        this.site = site;
    }

    private Visitor visitor() {
        return new Visitor(site.address());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nb", "en"})
    void a_registration_is_followed_to_its_purge_and_can_be_withdrawn_then(String language) {
        Visitor visitor = visitor();
        HttpResponse<String> sent = visitor.register(language);
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
        assertThat(sent.headers().firstValue("Location")).contains("/" + language + "/status");
        String status = Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> visitor.get("/" + language + "/status").body(),
                        page -> page.contains("data-live=\"true\""));
        assertThat(status)
                .containsAnyOf("Fjord Markets AS", "Nordlys Invest AB")
                .containsAnyOf("https://fjord-markets.example/cookies", "https://nordlys-invest.example/cookies")
                .contains("data-level=\"");

        assertThat(visitor.get("/" + language + "/withdraw").statusCode()).isEqualTo(200);
        String path = "/" + language + "/withdraw";
        assertThat(visitor.post(path, visitor.form(path, path)).statusCode()).isEqualTo(303);
        assertThat(visitor.get("/" + language + "/status").body())
                .contains(language.equals("nb") ? "Samtykket ditt er trukket tilbake" : "Your consent is withdrawn")
                .doesNotContain("href=\"/" + language + "/withdraw\"");
        // Again: the same answer, and no error.
        assertThat(visitor.post(path, visitor.form(path, path)).statusCode()).isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void a_question_whether_data_may_be_disclosed_is_put_to_the_person_and_the_first_answer_counts(String answer)
            throws IOException {
        Visitor visitor = visitor();
        assertThat(visitor.register("en").statusCode()).isEqualTo(303);
        String id = new ObjectMapper()
                .readTree(visitor.get("/en/receipt").body())
                .path("recordId")
                .asText();
        assertThat(visitor.get("/en/status").body()).doesNotContain("data-question");
        assertThat(visitor.get("/en/question").body()).contains("There is no question for you");

        String request = site.askOfDisclosure(id);
        assertThat(visitor.get("/en/status").body()).contains("href=\"/en/question\"");
        assertThat(visitor.get("/nb/question").body())
                .contains("En myndighet", "Norge", "samtykket ditt", "hvilke meglere")
                .doesNotContain(id);
        Map<String, String> form = visitor.form("/en/question", "/en/question");
        assertThat(visitor.post("/en/question", form, "answer", "maybe").statusCode())
                .isEqualTo(400);
        assertThat(visitor.post("/en/question", form, "answer", answer).statusCode())
                .isEqualTo(303);
        // Once more, and otherwise: the first answer counts.
        assertThat(visitor.post("/en/question", form, "answer", answer.equals("yes") ? "no" : "yes")
                        .statusCode())
                .isEqualTo(303);
        assertThat(visitor.get("/en/question").body())
                .contains("You have answered: " + answer)
                .doesNotContain("<button class=\"plain\" name=\"answer\"");
        assertThat(visitor.get("/en/status").body()).doesNotContain("data-question");
        JsonNode recorded = site.admin(request, "").at("/questions/0/answer");
        assertThat(recorded.path("consented").asBoolean()).isEqualTo(answer.equals("yes"));
        assertThat(recorded.path("method").asText()).isEqualTo("website");
    }

    @Test
    void another_browser_neither_sees_nor_answers_the_question() throws IOException {
        Visitor visitor = visitor();
        assertThat(visitor.register("en").statusCode()).isEqualTo(303);
        String request = site.askOfDisclosure(new ObjectMapper()
                .readTree(visitor.get("/en/receipt").body())
                .path("recordId")
                .asText());
        String question = visitor.form("/en/question", "/en/question").get("question");
        Visitor other = visitor();
        assertThat(other.register("en").statusCode()).isEqualTo(303);
        assertThat(other.get("/en/question").body()).doesNotContain(question);
        Map<String, String> hidden = new java.util.LinkedHashMap<>(other.form("/en/withdraw", "/en/withdraw"));
        hidden.put("question", question);
        assertThat(other.post("/en/question", hidden, "answer", "yes").statusCode())
                .isEqualTo(303);
        assertThat(site.admin(request, "").at("/questions/0").has("answer")).isFalse();
        assertThat(visitor().get("/en/question").statusCode()).isEqualTo(303);
    }

    @Test
    void the_consent_names_the_text_and_the_form_that_were_shown() throws IOException {
        Visitor visitor = visitor();
        String page = visitor.get("/nb/").body();
        Map<String, String> hidden = visitor.form("/nb/", "/nb/register");
        assertThat(visitor.post("/nb/register", hidden, Visitor.person()).statusCode())
                .isEqualTo(303);

        HttpResponse<String> receipt = visitor.get("/nb/receipt");
        JsonNode notice = new ObjectMapper().readTree(receipt.body()).path("privacyNotice");
        String form = visitor.get("/nb/form.txt").body();
        assertThat(Digests.hex(Digests.sha256(form))).isEqualTo(hidden.get("form"));
        assertThat(notice.path("formSha256").asText()).isEqualTo(hidden.get("form"));
        assertThat(notice.path("language").asText()).isEqualTo("nb");
        assertThat(form)
                .contains("fjord-markets, Fjord Markets AS, Etablert i Norge, https://fjord-markets.example/privacy")
                .contains(notice.path("sha256").asText());
        assertThat(page).contains(notice.path("sha256").asText(), hidden.get("form"));
        String text =
                visitor.get("/documents/" + notice.path("sha256").asText()).body();
        assertThat(Digests.hex(Digests.sha256(text)))
                .isEqualTo(notice.path("sha256").asText());
        assertThat(text).startsWith("# Personvernerklæring");
        assertThat(receipt.headers().firstValue("handoff-receipt-signature")).isPresent();
        // Every line that the digest covers can be seen on the page, the list of brokers aside, which is worded as
        // sentences there.
        String shown = page.replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&");
        assertThat(form.lines().filter(line -> !line.contains(", https://") && !line.contains("SHA-256")))
                .allSatisfy(line -> assertThat(shown).contains(line));
    }

    @Test
    void a_form_that_is_sent_twice_makes_one_signup() {
        Visitor visitor = visitor();
        Map<String, String> hidden = visitor.form("/en/", "/en/register");
        List<CompletableFuture<HttpResponse<String>>> sendings = Stream.generate(
                        () -> visitor.postLater("/en/register", hidden, Visitor.person()))
                .limit(3)
                .toList();
        sendings.forEach(sending -> assertThat(sending.join().statusCode()).isIn(303, 403));
        assertThat(sendings).anyMatch(sending -> sending.join().statusCode() == 303);
        JsonNode first = receipt(visitor);
        String[] somebodyElse = Visitor.person();
        somebodyElse[1] = "Somebody Else";
        // Later, too, and whether or not something else was written into it. The session has another name by then.
        HttpResponse<String> later = visitor.post("/en/register", hidden, somebodyElse);
        assertThat(later.statusCode()).isEqualTo(403);
        assertThat(later.body()).contains("already sent");
        assertThat(receipt(visitor).path("recordId")).isEqualTo(first.path("recordId"));
        assertThat(visitor.get("/en/status").body().split("id=\"item-", -1)).hasSize(2);
    }

    @Test
    void a_double_sending_from_one_session_is_known_to_ingest_as_one() {
        Visitor visitor = visitor();
        Map<String, String> hidden = visitor.form("/en/contact", "/en/contact");
        String[] message = {"name", Visitor.NAME, "email", Visitor.EMAIL, "subject", "Twice", "text", "One\r\nmessage."
        };
        long before = site.accepted();
        CompletableFuture<HttpResponse<String>> one = visitor.postLater("/en/contact", hidden, message);
        CompletableFuture<HttpResponse<String>> two = visitor.postLater("/en/contact", hidden, message);
        assertThat(List.of(one.join().statusCode(), two.join().statusCode())).isSubsetOf(303, 403);
        String status = Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> visitor.get("/en/status").body(), page -> page.contains("data-live=\"true\""));
        assertThat(status.split("id=\"item-", -1)).hasSize(2);
        assertThat(status).contains("The helpdesk has your message");
        assertThat(before).isPositive();
    }

    private JsonNode receipt(Visitor visitor) {
        try {
            return new ObjectMapper().readTree(visitor.get("/en/receipt").body());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void faults_are_shown_at_their_fields_and_nothing_that_was_written_comes_back() {
        Visitor visitor = visitor();
        Map<String, String> hidden = visitor.form("/en/", "/en/register");
        HttpResponse<String> page = visitor.post(
                "/en/register",
                hidden,
                "fullName",
                "12345 " + Visitor.EMAIL,
                "email",
                "no-address-qx7z4",
                "country",
                "",
                "phone",
                "12-qx7z4",
                "city",
                "Vadsøtest");
        assertThat(page.statusCode()).isEqualTo(422);
        assertThat(page.body())
                .contains("There are 3 problems")
                .contains("<a href=\"#email\">Write an e-mail address such as kari@example.no</a>")
                .contains("<a href=\"#country\">", "<a href=\"#recipients\">Tick at least one broker</a>")
                .contains("<title>Error: ")
                .doesNotContain("qx7z4", "Vadsøtest");
        // The same form, put right, is a new act of consent.
        assertThat(visitor.post("/en/register", hidden, Visitor.person()).statusCode())
                .isEqualTo(303);
    }

    @Test
    void a_script_gets_the_faults_as_json() throws IOException {
        Visitor visitor = visitor();
        Map<String, String> hidden = visitor.form("/nb/contact", "/nb/contact");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(site.address() + "/nb/contact"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .header("Sec-Fetch-Site", "same-origin")
                .POST(HttpRequest.BodyPublishers.ofString("token=" + hidden.get("token") + "&name=&email=x"));
        HttpResponse<String> answer = visitor.send(request);
        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode json = new ObjectMapper().readTree(answer.body());
        assertThat(json.path("errors").findValuesAsText("field")).containsExactly("name", "email", "subject", "text");
        assertThat(json.path("title").asText()).isEqualTo("4 ting må rettes");
    }

    @Test
    void a_consent_to_another_form_than_the_one_in_force_is_refused() {
        Visitor visitor = visitor();
        Map<String, String> hidden = new java.util.HashMap<>(visitor.form("/en/", "/en/register"));
        hidden.put("form", "0".repeat(64));
        HttpResponse<String> page = visitor.post("/en/register", hidden, Visitor.person());
        assertThat(page.statusCode()).isEqualTo(422);
        assertThat(page.body()).contains("The privacy policy has changed since you opened this page");
    }

    @Test
    void what_a_person_asks_for_is_done_and_can_be_read_and_others_ask_for_nothing_here() {
        Visitor stranger = visitor();
        assertThat(stranger.get("/en/rights").headers().firstValue("Location")).contains("/en/status");
        Visitor visitor = visitor();
        Map<String, String> hidden = visitor.form("/en/", "/en/register");
        assertThat(visitor.post("/en/register", hidden, Visitor.person()).statusCode())
                .isEqualTo(303);
        assertThat(visitor.get("/en/status").body()).contains("href=\"/en/rights\"");
        for (String right : List.of("access", "nonsense", "erasure")) {
            HttpResponse<String> answer =
                    visitor.post("/en/rights", visitor.form("/en/rights", "/en/rights"), "right", right);
            assertThat(answer.headers().firstValue("Location")).contains("/en/rights");
        }
        assertThat(visitor.get("/en/rights").body())
                .contains("<h3>Erasure: ", "<h3>Access: done</h3>", "by rules, without looking at your data")
                .doesNotContain("nonsense", "Request: ");
        assertThat(visitor.get("/nb/rights").body()).contains("<h3>Sletting: ", "<h3>Innsyn: gjort</h3>");
        assertThat(visitor.get("/en/status").body()).contains("Your consent is withdrawn");
    }

    @Test
    void cookies_are_refused_until_they_are_accepted_and_the_choice_can_be_changed() {
        Visitor visitor = visitor();
        assertThat(visitor.get("/en/").body()).contains("data-banner");
        assertThat(visitor.cookie("cookies")).isEmpty();
        Map<String, String> banner = visitor.form("/en/", "/en/cookies");
        HttpResponse<String> refused = visitor.post("/en/cookies", banner, "choice", "refuse");
        assertThat(refused.statusCode()).isEqualTo(303);
        String id = visitor.cookie("cookies").orElseThrow();
        assertThat(id).matches("[0-9a-f-]{36}");
        assertThat(refused.headers().allValues("Set-Cookie"))
                .allSatisfy(cookie -> assertThat(cookie)
                        .contains("HTTPOnly", "SameSite=Strict")
                        .doesNotContain("Max-Age"));
        assertThat(visitor.get("/en/").body()).doesNotContain("data-banner");

        Map<String, String> page = visitor.form("/en/cookies", "/en/cookies");
        HttpResponse<String> accepted =
                visitor.post("/en/cookies", page, "kinds", "necessary", "kinds", "thirdParty", "kinds", "nonsense");
        assertThat(accepted.headers().firstValue("Location")).contains("/en/cookies?saved");
        assertThat(visitor.cookie("cookies")).contains(id + "~necessary~thirdParty");
        assertThat(accepted.headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie).contains("cookies=", "Max-Age=15724800"));
        assertThat(visitor.get("/en/cookies").body()).contains("<span data-now>Necessary, Third parties</span>");

        assertThat(visitor.post("/en/cookies", visitor.form("/en/cookies", "/en/cookies"))
                        .statusCode())
                .isEqualTo(303);
        assertThat(visitor.cookie("cookies")).contains(id);
        assertThat(visitor.get("/en/cookies").body()).contains("everything is refused");
    }

    @Test
    void nothing_can_be_accepted_by_a_text_that_was_not_shown() {
        Visitor visitor = visitor();
        Map<String, String> banner = new java.util.HashMap<>(visitor.form("/en/", "/en/cookies"));
        banner.put("document", "0".repeat(64));
        HttpResponse<String> answer = visitor.post("/en/cookies", banner, "choice", "accept");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("The cookie policy has changed");
        assertThat(visitor.cookie("cookies")).isEmpty();
    }

    @Test
    void the_language_follows_the_browser_and_every_page_has_the_other_one() {
        Visitor visitor = visitor();
        for (Map.Entry<String, String> wish : Map.of("nn-NO,en;q=0.5", "/nb/", "de, en-GB", "/en/", "fr", "/en/")
                .entrySet()) {
            HttpResponse<String> answer = visitor.send(
                    HttpRequest.newBuilder(URI.create(site.address() + "/")).header("Accept-Language", wish.getKey()));
            assertThat(answer.headers().firstValue("Location"))
                    .as(wish.getKey())
                    .contains(wish.getValue());
        }
        for (String page : List.of("", "status", "contact", "privacy", "cookies")) {
            assertThat(visitor.get("/nb/" + page).body()).contains("<html lang=\"nb\">", "href=\"/en/" + page + "\"");
            assertThat(visitor.get("/en/" + page).body()).contains("<html lang=\"en\">", "href=\"/nb/" + page + "\"");
        }
    }
}
