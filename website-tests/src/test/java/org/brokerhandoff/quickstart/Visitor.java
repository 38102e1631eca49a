package org.brokerhandoff.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser without scripts: cookies, hidden fields and forms, nothing else. */
final class Visitor {
    private static final Pattern HIDDEN = Pattern.compile("<input type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\">");

    static final String NAME = "Sunniva Kvitøy Website-Test";
    static final String EMAIL = "sunniva.kvitoy.qx7z4@example.no";
    /** Fields of a registration. */
    static final List<String> PERSON = List.of(
            "fullName",
            NAME,
            "email",
            EMAIL,
            "country",
            "NO",
            "phone",
            "+47 912 34 567",
            "city",
            "Vadsøtest",
            "recipients",
            "fjord-markets",
            "recipients",
            "nordlys-invest");

    private final String site;
    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    Visitor(String site) {
        this.site = site;
    }

    /** Registers {@link #PERSON}. */
    HttpResponse<String> register(String language) {
        String path = "/" + language + "/";
        return post(path + "register", form(path, path + "register"), person());
    }

    static String[] person() {
        return PERSON.toArray(String[]::new);
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(site + path)).GET());
    }

    /** The values of the hidden fields of the form on {@code path} that goes to {@code action}. */
    Map<String, String> form(String path, String action) {
        String page = get(path).body();
        int begin = page.indexOf("action=\"" + action + "\"");
        assertThat(begin).as("a form to %s on %s", action, path).isPositive();
        String form = page.substring(begin, page.indexOf("</form>", begin));
        Map<String, String> hidden = new java.util.LinkedHashMap<>();
        Matcher matcher = HIDDEN.matcher(form);
        while (matcher.find()) {
            hidden.put(matcher.group(1), matcher.group(2));
        }
        return hidden;
    }

    HttpResponse<String> post(String path, Map<String, String> hidden, String... fields) {
        return postLater(path, hidden, fields).join();
    }

    CompletableFuture<HttpResponse<String>> postLater(String path, Map<String, String> hidden, String... fields) {
        return client.sendAsync(
                request(path, hidden, fields)
                        .header("Sec-Fetch-Site", "same-origin")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A form as another program might send it. */
    HttpResponse<String> post(
            Optional<String> secFetchSite,
            Optional<String> origin,
            String path,
            Map<String, String> hidden,
            String... fields) {
        HttpRequest.Builder request = request(path, hidden, fields);
        secFetchSite.ifPresent(value -> request.header("Sec-Fetch-Site", value));
        origin.ifPresent(value -> request.header("Origin", value));
        return send(request);
    }

    private HttpRequest.Builder request(String path, Map<String, String> hidden, String... fields) {
        List<String> pairs = new ArrayList<>();
        hidden.forEach((name, value) -> pairs.add(pair(name, value)));
        for (int i = 0; i < fields.length; i += 2) {
            pairs.add(pair(fields[i], fields[i + 1]));
        }
        return HttpRequest.newBuilder(URI.create(site + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(String.join("&", pairs)));
    }

    private static String pair(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The value of a cookie that the site has set. */
    Optional<String> cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst();
    }
}
