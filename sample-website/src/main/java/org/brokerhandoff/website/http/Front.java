package org.brokerhandoff.website.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.brokerhandoff.website.form.FormBody;
import org.brokerhandoff.website.form.FormTokens;
import org.brokerhandoff.website.page.Language;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every request comes in: finds the page, and lets a form through only if it was sent by this site's own page ({@code Sec-Fetch-Site}, or else
 * {@code Origin}) and carries a token that was made for this browser's session. Logs neither paths' queries nor anything of a form.
 */
final class Front implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final Pattern PAGE = Pattern.compile("/(nb|en)/([a-z.]{0,20})");
    private static final Pattern DOCUMENT = Pattern.compile("/documents/([0-9a-f]{64})");
    private static final String ASSETS = "/assets/";
    /** The query of a request that was asked to come back, so that none is asked twice. */
    private static final String BACK = "back";

    private final Cookies cookies;
    private final FormTokens tokens;
    private final Replies replies;
    private final Assets assets;
    private final DocumentPages documents;
    private final Map<String, PageHandler> pages;
    private final Map<String, FormHandler> forms;

    Front(
            Cookies cookies,
            FormTokens tokens,
            Replies replies,
            Assets assets,
            DocumentPages documents,
            Map<String, PageHandler> pages,
            Map<String, FormHandler> forms) {
        this.cookies = cookies;
        this.tokens = tokens;
        this.replies = replies;
        this.assets = assets;
        this.documents = documents;
        this.pages = Map.copyOf(pages);
        this.forms = Map.copyOf(forms);
    }

    @Override
    public void handle(HttpServerRequest request) {
        Replies.protect(request.response());
        String path = request.path() == null ? "" : request.path();
        Matcher page = PAGE.matcher(path);
        Matcher document = DOCUMENT.matcher(path);
        boolean reading =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (reading && path.equals("/")) {
            redirect(request, "/" + preferred(request).tag() + "/");
        } else if (reading && (path.equals("/nb") || path.equals("/en"))) {
            redirect(request, path + "/");
        } else if (reading && document.matches()) {
            finish(request, documents.text(request, document.group(1)));
        } else if (reading && path.startsWith(ASSETS)) {
            if (!assets.serve(request, path.substring(ASSETS.length()))) {
                unknown(request);
            }
        } else if (page.matches()) {
            Language language = Language.tagged(page.group(1)).orElseThrow();
            page(request, language, page.group(2), reading);
        } else {
            unknown(request);
        }
    }

    private void page(HttpServerRequest request, Language language, String name, boolean reading) {
        PageHandler page = pages.get(name);
        FormHandler form = forms.get(name);
        if (reading && page != null) {
            if (fromElsewhere(request) && cookies.session(request).isEmpty() && !BACK.equals(request.query())) {
                comeBack(request);
            } else {
                finish(request, page.handle(web(request, language, name)));
            }
        } else if (request.method().equals(HttpMethod.POST) && form != null) {
            read(request, web(request, language, name), form);
        } else if (page == null && form == null) {
            unknown(request);
        } else {
            request.response()
                    .putHeader(
                            HttpHeaders.ALLOW, page == null ? "POST" : form == null ? "GET, HEAD" : "GET, HEAD, POST");
            // A form's address is no page of its own; who reloads it, say, after an error, gets to the page with the
            // form.
            if (reading) {
                redirect(request, "/" + language.tag() + "/");
            } else {
                var unused = request.response().setStatusCode(405).end();
            }
        }
    }

    private WebRequest web(HttpServerRequest request, Language language, String name) {
        return new WebRequest(request, language, name, cookies, tokens.newSession());
    }

    private void unknown(HttpServerRequest request) {
        // Not the path: a misspelt address may hold anything.
        WebRequest web = web(request, preferred(request), "");
        finish(request, replies.message(web, 404, "notFound"));
    }

    private static Language preferred(HttpServerRequest request) {
        String path = request.path() == null ? "" : request.path();
        if (path.startsWith("/nb/")) {
            return Language.NB;
        }
        String accepted = request.getHeader(HttpHeaders.ACCEPT_LANGUAGE);
        return path.startsWith("/en/") || accepted == null ? Language.EN : Language.preferred(accepted);
    }

    private static void redirect(HttpServerRequest request, String path) {
        var unused = request.response()
                .setStatusCode(302)
                .putHeader(HttpHeaders.LOCATION, path)
                .putHeader(HttpHeaders.VARY, "Accept-Language")
                .end();
    }

    private static boolean fromElsewhere(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return "cross-site".equals(site) || "same-site".equals(site);
    }

    /**
     * Has the browser ask again, from here. Coming from a link of another site it has sent no cookies, since they are SameSite=Strict; a new
     * session would take the place of its own.
     */
    private static void comeBack(HttpServerRequest request) {
        var unused = request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .putHeader("Refresh", "0; url=" + request.path() + "?" + BACK)
                .end("<!doctype html><html lang=\"en\"><title>Nordvei</title><p><a href=\"\">Nordvei</a></p></html>");
    }

    private void read(HttpServerRequest request, WebRequest web, FormHandler handler) {
        if (!fromHere(request)) {
            finish(request, replies.message(web, 403, "forbidden"));
            return;
        }
        new FormReader(request).read(body -> {
            if (body.isEmpty()) {
                finish(request, replies.message(web, 400, "badRequest"));
                return;
            }
            FormBody form = body.get();
            String token = form.chosen("token").orElse("");
            Future<Void> handled = tokens.fits(token, web.session())
                    ? attempt(() -> handler.handle(web, form, token))
                    : replies.message(web, 403, "forbidden");
            finish(request, handled.onComplete(done -> form.close()));
        });
    }

    /** Whether the browser says that a page of this site sends the form. One that says nothing is not believed. */
    private static boolean fromHere(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin");
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String host = request.getHeader(HttpHeaders.HOST);
        return origin != null && host != null && (origin.equals("http://" + host) || origin.equals("https://" + host));
    }

    private static Future<Void> attempt(java.util.function.Supplier<Future<Void>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private static void finish(HttpServerRequest request, Future<Void> answer) {
        answer.onFailure(failure -> {
            // The kind only: a message may quote a request. A connection that the browser has closed is no fault.
            LOG.warn("a request failed: {}", failure.getClass().getName());
            if (!request.response().headWritten()) {
                var unused = request.response().setStatusCode(500).end();
            }
        });
    }
}
