package org.brokerhandoff.website.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.website.form.FieldFault;
import org.brokerhandoff.website.form.FormTokens;
import org.brokerhandoff.website.page.PageTemplates;
import org.brokerhandoff.website.page.Texts;

/** Answers: pages with what all of them have, JSON for scripts, redirections. None of them repeats what a person wrote. */
final class Replies {
    private static final String HTML = "text/html; charset=utf-8";

    private final PageTemplates templates;
    private final FormTokens tokens;
    private final Documents documents;
    private final String assetsVersion;

    Replies(PageTemplates templates, FormTokens tokens, Documents documents, String assetsVersion) {
        this.templates = templates;
        this.tokens = tokens;
        this.documents = documents;
        this.assetsVersion = assetsVersion;
    }

    /** What every response has, whatever it is. */
    static void protect(HttpServerResponse response) {
        response.putHeader(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                                + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
                .putHeader("X-Content-Type-Options", "nosniff")
                // "no-referrer" would also hide from this server where its own forms come from.
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** A page. The banner is shown to who has not chosen, if there is a cookie policy to choose by. */
    Future<Void> page(WebRequest request, int status, String template, Map<String, Object> values) {
        return documents.current(Documents.Kind.COOKIES, request.language()).compose(cookiePolicy -> {
            Map<String, Object> all = new HashMap<>();
            all.put("t", Texts.of(request.language()));
            all.put("lang", request.language().tag());
            all.put("otherLang", request.language().other().tag());
            all.put("page", request.page());
            all.put("assets", assetsVersion);
            all.put("hasErrors", false);
            all.put("banner", request.choice().isEmpty() && cookiePolicy.isPresent());
            all.put("bannerToken", tokens.next(request.session()));
            all.put("cookieDigest", cookiePolicy.map(policy -> policy.sha256()).orElse(""));
            all.putAll(values);
            return request.response()
                    .setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, HTML)
                    .putHeader(HttpHeaders.CONTENT_LANGUAGE, request.language().tag())
                    .end(templates.render(template, all));
        });
    }

    /** A page that says what happened, by the names of its texts: {@code notFound}, {@code forbidden} and so on. */
    Future<Void> message(WebRequest request, int status, String name) {
        String title = Texts.text(request.language(), name + "Title");
        String text = Texts.text(request.language(), name + "Text");
        if (request.byScript()) {
            return json(
                    request,
                    status,
                    JsonNodeFactory.instance.objectNode().put("title", title).put("text", text));
        }
        return page(request, status, "message", Map.of("title", title, "text", text));
    }

    /**
     * What is wrong with a form, for a script; for a page, the values that show it.
     *
     * @return by field, in the order of the page
     */
    static Map<String, String> errors(WebRequest request, List<FieldFault> faults) {
        Map<String, String> errors = new LinkedHashMap<>();
        faults.forEach(
                fault -> errors.put(fault.field(), Texts.fault(request.language(), fault.field(), fault.code())));
        return errors;
    }

    /** The title over the faults of a form. */
    static String errorTitle(WebRequest request, Map<String, String> errors) {
        return errors.size() > 1
                ? Texts.text(request.language(), "errorCount").replace("{count}", String.valueOf(errors.size()))
                : Texts.text(request.language(), "errorTitle");
    }

    /** The faults of a form, for a script. */
    Future<Void> faults(WebRequest request, Map<String, String> errors) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("title", errorTitle(request, errors));
        var list = json.putArray("errors");
        errors.forEach((field, text) -> list.addObject().put("field", field).put("message", text));
        return json(request, 422, json);
    }

    /** Continues to another page after a form: by redirection, or by telling the script. */
    Future<Void> goTo(WebRequest request, String path) {
        if (request.byScript()) {
            return json(request, 200, JsonNodeFactory.instance.objectNode().put("location", path));
        }
        return request.response()
                .setStatusCode(303)
                .putHeader(HttpHeaders.LOCATION, path)
                .end();
    }

    private static Future<Void> json(WebRequest request, int status, ObjectNode json) {
        return request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(json.toString());
    }
}
