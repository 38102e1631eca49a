package org.brokerhandoff.website.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.brokerhandoff.website.visit.CookieChoice;
import org.brokerhandoff.website.visit.Visits;

/**
 * The two cookies of this site: {@code session}, random, and {@code cookies}, what was chosen. Both are for this server alone (HttpOnly, SameSite=Strict),
 * hold nothing of a person, and outlive the browser's closing only if the necessary kind was accepted.
 */
final class Cookies {
    private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Duration CHOICE_LIFETIME = Duration.ofDays(182);

    private final boolean https;

    /**
     * Cookies of one site.
     *
     * @param https whether browsers may be told to send them by HTTPS only, and to this host only
     */
    Cookies(boolean https) {
        this.https = https;
    }

    Optional<String> session(HttpServerRequest request) {
        return value(request, "session").filter(value -> SESSION.matcher(value).matches());
    }

    Optional<CookieChoice> choice(HttpServerRequest request) {
        return value(request, "cookies").flatMap(CookieChoice::parse);
    }

    void setSession(HttpServerRequest request, String name, Optional<CookieChoice> choice) {
        set(request, "session", name, Visits.LONGEST, choice);
    }

    void setChoice(HttpServerRequest request, CookieChoice choice) {
        set(request, "cookies", choice.value(), CHOICE_LIFETIME, Optional.of(choice));
    }

    private void set(
            HttpServerRequest request, String name, String value, Duration lifetime, Optional<CookieChoice> choice) {
        Cookie cookie = Cookie.cookie(name(name), value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(https)
                .setSameSite(CookieSameSite.STRICT);
        if (choice.isPresent() && choice.get().accepted().contains(CookieChoice.Kind.NECESSARY)) {
            cookie.setMaxAge(lifetime.toSeconds());
        }
        request.response().addCookie(cookie);
    }

    private Optional<String> value(HttpServerRequest request, String name) {
        Cookie cookie = request.getCookie(name(name));
        return cookie == null ? Optional.empty() : Optional.of(cookie.getValue());
    }

    private String name(String name) {
        return https ? "__Host-" + name : name;
    }
}
