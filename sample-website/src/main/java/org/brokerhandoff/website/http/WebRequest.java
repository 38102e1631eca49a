package org.brokerhandoff.website.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import org.brokerhandoff.website.page.Language;
import org.brokerhandoff.website.visit.CookieChoice;

/** A request for a page: who asks, in which language. Belongs to one event loop. */
final class WebRequest {
    private final HttpServerRequest request;
    private final Language language;
    private final String page;
    private final Cookies cookies;
    private final String session;

    /**
     * A request.
     *
     * @param page the path after the language, such as {@code status}; empty for the registration
     * @param newSession a name for the session if the browser has none
     */
    WebRequest(HttpServerRequest request, Language language, String page, Cookies cookies, String newSession) {
        this.request = request;
        this.language = language;
        this.page = page;
        this.cookies = cookies;
        Optional<String> known = cookies.session(request);
        this.session = known.orElse(newSession);
        if (known.isEmpty()) {
            cookies.setSession(request, session, choice());
        }
    }

    Language language() {
        return language;
    }

    String page() {
        return page;
    }

    /** The name of the browser's session: 256 random bits. */
    String session() {
        return session;
    }

    /** What the browser chose; empty if it has not, or if its cookie is not one of ours. */
    Optional<CookieChoice> choice() {
        return cookies.choice(request);
    }

    /** The session has another name from now on. */
    void renameSession(String name) {
        cookies.setSession(request, name, choice());
    }

    /** Keeps a choice in the browser, and the session for as long as the choice allows. */
    void keep(CookieChoice choice) {
        cookies.setChoice(request, choice);
        cookies.setSession(request, session, Optional.of(choice));
    }

    /** Whether a script asks, which wants JSON instead of a page. */
    boolean byScript() {
        String accept = request.getHeader("Accept");
        return accept != null && accept.contains("application/json");
    }

    /** Whether the query has a parameter. */
    boolean asks(String parameter) {
        String query = request.query();
        return query != null && query.equals(parameter);
    }

    HttpServerResponse response() {
        return request.response();
    }

    /** A path in this request's language. */
    String path(String to) {
        return "/" + language.tag() + "/" + to;
    }
}
