package org.brokerhandoff.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.brokerhandoff.pages.Page;

/**
 * Shows a running broker's books and changes its behaviour, on the loopback address only. For people: a page at {@code /}, one for each
 * signup at {@code /signup?id=ID}, and forms that only this page may send. For programs: {@code PUT /handoffs}, {@code /notices}, {@code
 * /pings} and {@code /questions} accept the text of a behaviour, {@code GET /behaviour} returns those in force; {@code GET /books} and {@code
 * GET /books/ID} return the arrivals, by signup id, and {@code DELETE /books} empties them.
 */
public final class SandboxAdmin implements AutoCloseable {
    /** Name, among the texts in force, of options that act on handoffs besides their text, until that is changed. */
    static final String OPTIONS = "options";

    static final int LONGEST_TEXT = 8 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of the name of a field, and of what a byte is at worst in a form. */
    private static final int LONGEST_FORM = 3 * LONGEST_TEXT + 1024;

    private final SandboxBroker broker;
    private final long seed;
    private final Map<String, String> texts = new TreeMap<>();
    private final HttpServer server;

    private SandboxAdmin(Vertx vertx, SandboxBroker broker, int port, long seed, Map<String, String> texts) {
        this.broker = broker;
        this.seed = seed;
        this.texts.putAll(texts);
        this.server = vertx.createHttpServer(
                new HttpServerOptions().setHost("127.0.0.1").setPort(port));
    }

    /**
     * Starts it; blocks until it listens.
     *
     * @param port 0 for any free one
     * @param seed seed of the shares in a behaviour
     * @param texts the behaviours in force, by target
     * @throws java.io.UncheckedIOException if it cannot listen
     */
    public static SandboxAdmin start(
            Vertx vertx, SandboxBroker broker, int port, long seed, Map<String, String> texts) {
        SandboxAdmin admin = new SandboxAdmin(vertx, broker, port, seed, texts);
        admin.server.requestHandler(admin::handle);
        SandboxBroker.await(
                admin.server.listen(), "listen on 127.0.0.1:" + port + " (--admin-port chooses another port)");
        return admin;
    }

    /** The address of the page, without a trailing slash. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    @Override
    public void close() {
        SandboxBroker.await(server.close(), "close");
    }

    private void handle(HttpServerRequest request) {
        request.response()
                .putHeader("Content-Security-Policy", Page.SERVED_POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        String host = request.authority() == null ? "" : request.authority().host();
        if (!host.equals("127.0.0.1") && !host.equals("localhost")) {
            // A web page whose host name was made to resolve here (DNS rebinding) is not from this machine.
            answer(request, 403, JSON.createObjectNode().put("problem", "not under this host name"));
        } else if (HttpMethod.PUT.equals(request.method())) {
            shortBody(request, body -> change(request, body.toString()));
        } else if (HttpMethod.DELETE.equals(request.method()) && "/books".equals(request.path())) {
            broker.books().clear();
            answer(request, 200, totals());
        } else if (HttpMethod.POST.equals(request.method()) && "/".equals(request.path())) {
            form(request);
        } else if (HttpMethod.GET.equals(request.method())) {
            show(request);
        } else {
            notFound(request);
        }
    }

    private void change(HttpServerRequest request, String text) {
        try {
            behave(request.path().substring(1), text);
        } catch (IllegalArgumentException e) {
            answer(request, 400, JSON.createObjectNode().put("problem", e.getMessage()));
            return;
        }
        answer(request, 200, behaviour());
    }

    /** Handles a form of the page. Other pages must not be able to send it: a browser here would do so on their behalf. */
    private void form(HttpServerRequest request) {
        String own = request.scheme() + "://" + request.authority();
        if (!OwnForms.sent(
                Optional.ofNullable(request.getHeader("Sec-Fetch-Site")),
                Optional.ofNullable(request.getHeader(HttpHeaders.ORIGIN)),
                own)) {
            html(
                    request,
                    403,
                    SandboxPages.error(
                            broker.id(),
                            "Nothing was changed",
                            "This form was not sent from a page of this broker. Reload the page and try again."));
            return;
        }
        shortBody(request, body -> {
            Map<String, List<String>> fields =
                    new QueryStringDecoder("?" + body.toString(StandardCharsets.UTF_8)).parameters();
            String what = field(fields, "what");
            String text = field(fields, "text");
            try {
                if (what.equals(BehaviourForms.BOOKS)) {
                    broker.books().clear();
                } else {
                    behave(what, text);
                }
            } catch (IllegalArgumentException e) {
                overview(
                        request,
                        400,
                        Optional.of(
                                new BehaviourForms.Attempt(what, text, Optional.of(String.valueOf(e.getMessage())))));
                return;
            }
            // So that a reload of the next page does not send the form again.
            request.response()
                    .setStatusCode(303)
                    .putHeader(HttpHeaders.LOCATION, "/?changed=" + what + "#behaviour")
                    .end();
        });
    }

    /** Passes on a body within the limit of a form. Of a longer one nothing more is kept, and the connection ends with the answer. */
    private static void shortBody(HttpServerRequest request, Consumer<Buffer> complete) {
        Buffer kept = Buffer.buffer();
        request.handler(part -> {
            if (request.response().ended()) {
                return;
            }
            if (kept.length() + part.length() > LONGEST_FORM) {
                request.response().putHeader(HttpHeaders.CONNECTION, "close");
                answer(request, 413, JSON.createObjectNode().put("problem", "the body is too long"));
            } else {
                kept.appendBuffer(part);
            }
        });
        request.endHandler(end -> {
            if (!request.response().ended()) {
                complete.accept(kept);
            }
        });
    }

    private static String field(Map<String, List<String>> fields, String name) {
        return fields.getOrDefault(name, List.of("")).get(0);
    }

    /**
     * Changes the broker's behaviour from now on.
     *
     * @param what {@code handoffs}, {@code notices}, {@code pings} or {@code questions}
     * @param text as on the command line, such as {@code 500@0.1}
     * @throws IllegalArgumentException if the name is unknown, or the text is invalid
     */
    public void behave(String what, String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("the text is longer than " + LONGEST_TEXT + " characters");
        }
        apply(broker, what, text, seed);
        // Requests of several connections arrive on several event loops.
        synchronized (texts) {
            texts.put(what, text.strip());
            if (what.equals("handoffs")) {
                texts.remove(OPTIONS);
            }
        }
    }

    /**
     * Changes a broker's behaviour.
     *
     * @throws IllegalArgumentException if the name is unknown, or the text is invalid
     */
    static void apply(SandboxBroker broker, String what, String text, long seed) {
        switch (what) {
            case "handoffs" -> broker.behave(BehaviourText.handoffs(text, seed));
            case "notices" -> broker.behaveOnNotices(BehaviourText.notices(text));
            case "pings" -> broker.behaveOnPings(BehaviourText.pings(text));
            case "questions" -> broker.answerQuestions(BehaviourText.questions(text));
            default -> throw new IllegalArgumentException("expected handoffs, notices, pings or questions");
        }
    }

    private void show(HttpServerRequest request) {
        String path = request.path();
        if (path.equals("/")) {
            overview(request, 200, changed(request));
        } else if (path.equals("/signup")) {
            signup(request);
        } else if (path.equals(SandboxPages.SCRIPT)) {
            request.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/javascript; charset=utf-8")
                    .end(Page.RENEWING_SCRIPT);
        } else if (path.equals("/behaviour")) {
            answer(request, 200, behaviour());
        } else if (path.equals("/books")) {
            answer(request, 200, totals());
        } else if (path.startsWith("/books/")) {
            UUID id = Contract.uuid(path.substring("/books/".length()));
            Optional<Books.Account> account =
                    id == null ? Optional.empty() : broker.books().account(id);
            account.ifPresentOrElse(found -> answer(request, 200, json(found)), () -> notFound(request));
        } else {
            notFound(request);
        }
    }

    private static Optional<BehaviourForms.Attempt> changed(HttpServerRequest request) {
        return Optional.ofNullable(request.getParam("changed"))
                .filter(List.of("handoffs", "notices", "pings", "questions", BehaviourForms.BOOKS)::contains)
                .map(what -> new BehaviourForms.Attempt(what, "", Optional.empty()));
    }

    private void overview(HttpServerRequest request, int status, Optional<BehaviourForms.Attempt> attempt) {
        RequestFilter.of(name -> Optional.ofNullable(request.getParam(name)))
                .ifPresentOrElse(
                        filter -> html(request, status, SandboxPages.overview(view(), filter, attempt)),
                        () -> html(
                                request,
                                400,
                                SandboxPages.error(
                                        broker.id(),
                                        "No such choice",
                                        "The address of this page names an unknown kind of request.")));
    }

    private void signup(HttpServerRequest request) {
        UUID id = Contract.uuid(
                Optional.ofNullable(request.getParam("id")).map(String::strip).orElse(""));
        Optional<Books.Account> account =
                id == null ? Optional.empty() : broker.books().account(id);
        account.ifPresentOrElse(
                found -> html(
                        request,
                        200,
                        SandboxPages.signup(
                                broker.id(),
                                found,
                                broker.books().newest().stream()
                                        .filter(exchange -> exchange.signupId().equals(Optional.of(found.signupId())))
                                        .toList())),
                () -> html(
                        request,
                        404,
                        SandboxPages.error(
                                broker.id(),
                                "No valid request has named this signup",
                                "Check the id: it has 36 characters. The signup may be at another broker.")));
    }

    private SandboxView view() {
        return new SandboxView(
                Instant.now(),
                new SandboxView.Place(broker.id(), broker.endpoint(), broker.notices(), broker.keys()),
                broker.books().totals(),
                broker.books().pings(),
                broker.books().newest(),
                broker.books()
                        .accounts()
                        .filter(account -> !account.notices().isEmpty())
                        .toList(),
                inForce());
    }

    private Map<String, String> inForce() {
        synchronized (texts) {
            return Map.copyOf(texts);
        }
    }

    private ObjectNode behaviour() {
        ObjectNode json = JSON.createObjectNode();
        new TreeMap<>(inForce()).forEach(json::put);
        return json;
    }

    private ObjectNode totals() {
        return JSON.valueToTree(broker.books().totals());
    }

    private static ObjectNode json(Books.Account account) {
        ObjectNode json = JSON.createObjectNode()
                .put("signupId", account.signupId().toString())
                .put("accepted", account.isAccepted())
                .put("deliveries", account.deliveries())
                .put("duplicates", account.duplicates())
                .put("refused", account.refused())
                .put("failed", account.failed())
                .put("firstAt", account.firstByteAt().map(Object::toString).orElse(null))
                .put("lastAt", account.lastByteAt().map(Object::toString).orElse(null));
        ArrayNode notices = json.putArray("notices");
        account.notices()
                .forEach(notice -> notices.addObject()
                        .put("type", notice.type())
                        .put(
                                "requestId",
                                notice.requestId().map(Object::toString).orElse(null))
                        .put("arrivals", notice.arrivals())
                        .put("firstAt", notice.firstArrivedAt().toString())
                        .put("status", notice.status())
                        .put("completed", notice.completed())
                        .put("refused", notice.refused()));
        return json;
    }

    private static void html(HttpServerRequest request, int status, String page) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .end(page);
    }

    private static void notFound(HttpServerRequest request) {
        answer(request, 404, JSON.createObjectNode().put("problem", "not here"));
    }

    private static void answer(HttpServerRequest request, int status, ObjectNode json) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(json + "\n");
    }
}
