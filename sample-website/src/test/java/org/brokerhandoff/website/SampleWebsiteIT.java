package org.brokerhandoff.website;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.brokerhandoff.operations.http.CannotListen;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The website while ingest is away, and behind HTTPS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before the first test
class SampleWebsiteIT {
    private static final URI NO_INGEST = URI.create("http://127.0.0.1:1");
    private static final String KEY = "key-that-stays-here";

    private Vertx vertx;
    private SampleWebsite site;

    @BeforeAll
    void start() {
        vertx = Vertx.vertx();
        site = SampleWebsite.start(vertx, settings(0), new SimpleMeterRegistry());
    }

    @AfterAll
    void stop() {
        site.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static WebsiteSettings settings(int port) {
        return new WebsiteSettings(
                "127.0.0.1",
                port,
                NO_INGEST,
                KEY,
                List.of(new NamedBroker("fjord", "Fjord", "NO", URI.create("https://fjord.example/privacy"))),
                true);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + site.port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void while_ingest_is_away_pages_say_so_and_the_rest_is_shown() throws IOException, InterruptedException {
        for (String page : List.of("/nb/", "/nb/privacy", "/nb/cookies", "/nb/form.txt")) {
            HttpResponse<String> answer = get(page);
            assertThat(answer.statusCode()).as(page).isEqualTo(503);
            assertThat(answer.body())
                    .contains("Ikke mulig akkurat nå", "<html lang=\"nb\">")
                    .doesNotContain("data-banner");
        }
        assertThat(get("/en/contact").statusCode()).isEqualTo(200);
        assertThat(get("/en/status").statusCode()).isEqualTo(200);
        assertThat(get("/documents/" + "0".repeat(64)).statusCode()).isEqualTo(503);
    }

    @Test
    void behind_https_cookies_are_for_this_host_and_https_only() throws IOException, InterruptedException {
        assertThat(get("/en/contact").headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .startsWith("__Host-session=")
                .contains("Secure", "HTTPOnly", "SameSite=Strict", "Path=/")
                .doesNotContain("Domain", "Max-Age");
    }

    @Test
    void a_port_that_is_taken_is_named() {
        assertThatThrownBy(() -> SampleWebsite.start(vertx, settings(site.port()), new SimpleMeterRegistry()))
                .isInstanceOf(CompletionException.class)
                .satisfies(failure -> assertThat(CannotListen.message(failure))
                        .contains("127.0.0.1:" + site.port(), "taken by another program"));
    }

    @Test
    void the_key_is_not_printed() {
        assertThat(settings(0)).asString().doesNotContain(KEY);
    }
}
