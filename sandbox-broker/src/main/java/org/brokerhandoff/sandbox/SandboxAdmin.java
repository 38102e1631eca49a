package org.brokerhandoff.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Changes a running broker's behaviour and shows its books, on the loopback address only: {@code PUT /handoffs}, {@code /notices}, {@code
 * /pings} and {@code /questions} take the text of a behaviour, {@code GET /behaviour} says what holds; {@code GET /books} and {@code GET
 * /books/ID} show what came, by signup id, and {@code DELETE /books} empties them.
 */
final class SandboxAdmin implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_TEXT = 8 * 1024;

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

    /** Starts it; blocks until it listens. {@code texts} are the behaviours in force, by what they are for. */
    static SandboxAdmin start(Vertx vertx, SandboxBroker broker, int port, long seed, Map<String, String> texts) {
        SandboxAdmin admin = new SandboxAdmin(vertx, broker, port, seed, texts);
        admin.server.requestHandler(admin::handle);
        SandboxBroker.await(
                admin.server.listen(), "listen on 127.0.0.1:" + port + " (--admin-port chooses another port)");
        return admin;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    @Override
    public void close() {
        SandboxBroker.await(server.close(), "close");
    }

    private void handle(HttpServerRequest request) {
        String host = request.authority() == null ? "" : request.authority().host();
        if (!host.equals("127.0.0.1") && !host.equals("localhost")) {
            // A web page whose name was made to point here is not from this machine.
            answer(request, 403, JSON.createObjectNode().put("problem", "not by this name"));
        } else if (HttpMethod.PUT.equals(request.method())) {
            request.bodyHandler(body -> change(request, body.length() > LONGEST_TEXT ? "" : body.toString()));
        } else if (HttpMethod.DELETE.equals(request.method()) && "/books".equals(request.path())) {
            broker.books().clear();
            answer(request, 200, totals());
        } else if (HttpMethod.GET.equals(request.method())) {
            show(request);
        } else {
            notFound(request);
        }
    }

    private void change(HttpServerRequest request, String text) {
        String what = request.path().substring(1);
        try {
            apply(broker, what, text, seed);
        } catch (IllegalArgumentException e) {
            answer(request, 400, JSON.createObjectNode().put("problem", e.getMessage()));
            return;
        }
        // Requests of several connections come on several event loops.
        synchronized (texts) {
            texts.put(what, text.strip());
        }
        answer(request, 200, behaviour());
    }

    /**
     * Makes a broker behave.
     *
     * @throws IllegalArgumentException if there is no such thing to change, or the text cannot be read
     */
    static void apply(SandboxBroker broker, String what, String text, long seed) {
        switch (what) {
            case "handoffs" -> broker.behave(BehaviourText.handoffs(text, seed));
            case "notices" -> broker.behaveOnNotices(BehaviourText.notices(text));
            case "pings" -> broker.behaveOnPings(BehaviourText.pings(text));
            case "questions" -> broker.answerQuestions(BehaviourText.questions(text));
            default -> throw new IllegalArgumentException("there are handoffs, notices, pings and questions");
        }
    }

    private void show(HttpServerRequest request) {
        String path = request.path();
        if (path.equals("/behaviour")) {
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

    private ObjectNode behaviour() {
        ObjectNode json = JSON.createObjectNode();
        synchronized (texts) {
            texts.forEach(json::put);
        }
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
                        .put("completed", notice.completed())
                        .put("refused", notice.refused()));
        return json;
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
