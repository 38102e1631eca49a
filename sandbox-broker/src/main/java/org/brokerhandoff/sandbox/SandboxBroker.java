package org.brokerhandoff.sandbox;

import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.brokerhandoff.sandbox.Contract.Reading;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving side of the handoff contract over HTTP: {@code /handoffs}, {@code /handoffs/ping} and {@code /notices}. Every {@code POST}
 * must be signed; polls ({@code GET}) contain only a random id, so one without a signature is answered, and one with a wrong signature is
 * refused.
 */
public final class SandboxBroker implements AutoCloseable {
    private static final String RECTIFICATION = "rectification";
    private static final Logger LOG = LoggerFactory.getLogger(SandboxBroker.class);
    private static final ObjectMapper TREES = new ObjectMapper();
    private static final CharSequence WEBHOOK_ID = HttpHeaders.createOptimized("webhook-id");
    private static final CharSequence WEBHOOK_TIMESTAMP = HttpHeaders.createOptimized("webhook-timestamp");
    private static final CharSequence WEBHOOK_SIGNATURE = HttpHeaders.createOptimized("webhook-signature");
    private static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("idempotency-key");
    private static final String HANDOFFS = "/handoffs";
    private static final String PING = HANDOFFS + "/ping";
    private static final String NOTICES = "/notices";
    private static final Duration START_AND_STOP = Duration.ofSeconds(30);

    private final SandboxBrokerSettings settings;
    private final WebhookVerifier verifier;
    private final Books books = new Books();
    private final HandoffResponder responder;
    private final HttpServer server;
    private volatile Behaviour behaviour;
    private volatile NoticeBehaviour noticeBehaviour;
    private volatile PingBehaviour pingBehaviour = PingBehaviour.always(PingBehaviour.Reaction.ACCEPT);
    private volatile boolean answersQuestions = true;

    private SandboxBroker(Vertx vertx, SandboxBrokerSettings settings) {
        this.settings = settings;
        this.verifier = new WebhookVerifier(settings.secrets());
        this.responder =
                new HandoffResponder(vertx, settings.id(), settings.observers().verdicts(), books);
        this.behaviour = settings.behaviour();
        this.noticeBehaviour = settings.noticeBehaviour();
        HttpServerOptions options = new HttpServerOptions()
                .setHost(settings.listening().host())
                .setPort(settings.listening().port());
        settings.listening()
                .certificate()
                .ifPresent(
                        certificate -> options.setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate.keyStore()));
        settings.listening()
                .clientAuthorities()
                .ifPresent(pem -> options.setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem))));
        this.server = vertx.createHttpServer(options);
    }

    /**
     * Starts a broker; blocks until it listens. Closing it leaves the Vert.x instance open.
     *
     * @throws UncheckedIOException if it cannot listen
     * @throws IllegalStateException if called on an event loop
     */
    public static SandboxBroker start(Vertx vertx, SandboxBrokerSettings settings) {
        SandboxBroker broker = new SandboxBroker(vertx, settings);
        broker.server.requestHandler(broker::handle);
        await(
                broker.server.listen(),
                "listen on " + settings.listening().host() + ":"
                        + settings.listening().port() + " (--port chooses another port)");
        return broker;
    }

    /** The id from the settings. */
    public String id() {
        return settings.id();
    }

    /** The port it listens on. */
    public int port() {
        return server.actualPort();
    }

    /** URL of handoffs: {@code http://host:port/handoffs}. */
    public URI endpoint() {
        return at(HANDOFFS);
    }

    /** URL of notices: {@code http://host:port/notices}. */
    public URI notices() {
        return at(NOTICES);
    }

    /** Number of keys it verifies signatures with; with none, it checks none. */
    int keys() {
        return settings.secrets().size();
    }

    /** Its arrivals and answers so far. */
    public Books books() {
        return books;
    }

    /** Sets the reactions to handoffs from now on; delayed reactions stay as they were decided. */
    public void behave(Behaviour newBehaviour) {
        behaviour = newBehaviour;
    }

    /** Sets the reactions to notices from now on. */
    public void behaveOnNotices(NoticeBehaviour newBehaviour) {
        noticeBehaviour = newBehaviour;
    }

    /** Sets the reactions to pings from now on. */
    public void behaveOnPings(PingBehaviour newBehaviour) {
        pingBehaviour = newBehaviour;
    }

    /** Whether {@code GET} is answered from the books (as at the start) or with 503. */
    public void answerQuestions(boolean answer) {
        answersQuestions = answer;
    }

    /** Stops listening and closes all connections; the books stay readable. */
    @Override
    public void close() {
        await(server.close(), "close");
    }

    private URI at(String path) {
        // The wildcard address is not reachable as such; from this machine, loopback always is.
        String host = settings.listening().host().equals("0.0.0.0")
                ? "127.0.0.1"
                : settings.listening().host();
        return URI.create(
                (settings.listening().certificate().isPresent() ? "https://" : "http://") + host + ":" + port() + path);
    }

    static void await(Future<?> future, String action) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("would block an event loop");
        }
        try {
            future.toCompletionStage().toCompletableFuture().get(START_AND_STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            String reason = e.getCause() == null
                    ? "timed out"
                    : String.valueOf(e.getCause().getMessage());
            throw new UncheckedIOException(
                    "the sandbox broker could not " + action + ": " + reason, new IOException(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    // ---- requests -----------------------------------------------------------------------------------------

    private void handle(HttpServerRequest request) {
        String path = request.path() == null ? "" : request.path();
        boolean post = HttpMethod.POST.equals(request.method());
        boolean get = HttpMethod.GET.equals(request.method());
        if (post && path.equals(HANDOFFS)) {
            Call call = call(request, "handoff");
            withBody(call, body -> handoff(call, body));
        } else if (post && path.equals(PING)) {
            Call call = call(request, "ping");
            withBody(call, body -> ping(call, body));
        } else if (post && path.equals(NOTICES)) {
            Call call = call(request, "notice");
            withBody(call, body -> notice(call, body));
        } else if (get && path.startsWith(HANDOFFS + "/")) {
            question(
                    call(request, "question"),
                    path.substring(HANDOFFS.length() + 1),
                    id -> StatusBody.of(books.handoffStatus(id)));
        } else if (get && path.startsWith(NOTICES + "/")) {
            Optional<UUID> requestId =
                    Optional.ofNullable(request.getParam("requestId")).map(Contract::uuid);
            question(
                    call(request, "question"),
                    path.substring(NOTICES.length() + 1),
                    id -> body(books.noticeStatus(id, requestId)));
        } else {
            call(request, "other").reply(404, StatusBody.of("not-found"));
        }
    }

    private Call call(HttpServerRequest request, String kind) {
        return new Call(request, kind, exchange -> {
            books.answered(exchange);
            settings.observers().exchanges().seen(exchange);
        });
    }

    @FunctionalInterface
    private interface Question {
        /** A body. */
        String answer(UUID signupId);
    }

    private void question(Call call, String id, Question question) {
        UUID signupId = Contract.uuid(id);
        call.concerns(signupId);
        if (call.header(WEBHOOK_SIGNATURE) != null && !signatureHolds(call, ByteArrayBuilder.NO_BYTES)) {
            return;
        } else if (!answersQuestions) {
            call.reply(503, StatusBody.of("unavailable"));
        } else if (signupId == null) {
            invalid(call, "the path must end in a UUID");
        } else {
            call.reply(200, question.answer(signupId));
        }
    }

    private void withBody(Call call, Consumer<byte[]> complete) {
        call.readBody(complete, () -> {
            books.badRequest();
            call.response().putHeader(HttpHeaders.CONNECTION, "close");
            call.reply(413, StatusBody.of("invalid", "reason", "the body is too large"));
        });
    }

    private void handoff(Call call, byte[] body) {
        if (!signatureHolds(call, body)) {
            return;
        }
        Contract.Handoff handoff = valid(
                call,
                settings.anyBody() ? Contract.readAny(body, call.header(IDEMPOTENCY_KEY)) : Contract.readHandoff(body));
        if (handoff == null) {
            return;
        }
        UUID signupId = handoff.signupId();
        call.concerns(signupId);
        String key = call.header(IDEMPOTENCY_KEY);
        if (key != null) {
            books.keySeen(signupId, key);
        }
        if (!signupId.toString().equals(key)) {
            invalid(call, "Idempotency-Key must be the signup id");
            return;
        }
        if (settings.observers().inspector().isPresent() && !inspected(call, signupId, body)) {
            return;
        }
        HandoffFacts facts = books.arrived(signupId, handoff.country(), call.firstByteNanos(), call.firstByteAt());
        responder.react(call, facts, behaviour.reactTo(facts));
    }

    /** Shows the person, or the whole body where fields are mapped, to the user who inspects arrivals. */
    private boolean inspected(Call call, UUID signupId, byte[] body) {
        try {
            JsonNode whole = TREES.readTree(body);
            settings.observers()
                    .inspector()
                    .orElseThrow()
                    .accept(signupId, settings.anyBody() ? whole : whole.path("person"));
            return true;
        } catch (IOException | RuntimeException | AssertionError e) {
            // Its message may quote the person.
            LOG.error(
                    "the inspector failed on {} with {}", signupId, e.getClass().getName());
            call.reply(500, StatusBody.of("failed"));
            return false;
        }
    }

    private void ping(Call call, byte[] body) {
        if (!signatureHolds(call, body)) {
            return;
        }
        Contract.Ping ping = valid(call, Contract.readPing(body));
        if (ping == null) {
            return;
        }
        books.pinged();
        switch (pingBehaviour.reactTo(ping.country())) {
            case ACCEPT -> call.reply(200, StatusBody.of("accepted"));
            case REJECT -> call.reply(409, StatusBody.of("rejected"));
            case FAIL -> call.reply(503, StatusBody.of("failed"));
            case SILENCE -> call.report("no answer");
        }
    }

    private void notice(Call call, byte[] body) {
        if (!signatureHolds(call, body)) {
            return;
        }
        Contract.Notice notice = valid(call, Contract.readNotice(body));
        if (notice == null) {
            return;
        }
        call.concerns(notice.signupId());
        if (notice.type().equals(RECTIFICATION)
                && settings.observers().inspector().isPresent()
                && !inspected(call, notice.signupId(), body)) {
            return;
        }
        int arrival = books.noticeArrived(notice, call.firstByteAt());
        NoticeReaction reaction = noticeBehaviour.reactTo(notice.signupId(), notice.type(), arrival);
        if (reaction instanceof NoticeReaction.Fail fail) {
            call.reply(fail.status(), StatusBody.of("failed"));
            return;
        } else if (reaction instanceof NoticeReaction.Silent) {
            call.report("no answer");
            return;
        }
        NoticeAccounts.State state = reaction instanceof NoticeReaction.Refuse refuse
                ? books.noticeRefused(notice, refuse.reason())
                : books.noticeTaken(notice, reaction instanceof NoticeReaction.Pend pend ? pend.questions() : 0);
        call.reply(state.equals(NoticeAccounts.State.PENDING) ? 202 : 200, body(state));
    }

    private static String body(NoticeAccounts.State state) {
        return state.reason().isEmpty()
                ? StatusBody.of(state.status())
                : StatusBody.of(state.status(), "reason", state.reason());
    }

    private boolean signatureHolds(Call call, byte[] body) {
        WebhookVerifier.Verification verification = verifier.verify(
                call.header(WEBHOOK_ID),
                call.header(WEBHOOK_TIMESTAMP),
                call.header(WEBHOOK_SIGNATURE),
                body,
                Instant.now());
        if (verification instanceof WebhookVerifier.Verification.Wrong wrong) {
            call.signatureFound(
                    Exchange.Signed.WRONG, wrong.reason() + (wrong.hint().isEmpty() ? "" : " (" + wrong.hint() + ")"));
            books.badSignature();
            call.reply(401, StatusBody.of("unauthorized", "reason", wrong.reason()));
            return false;
        } else if (verification instanceof WebhookVerifier.Verification.Right right) {
            call.signatureFound(Exchange.Signed.RIGHT, right.scheme() + " by key " + right.key());
        } else {
            call.signatureFound(Exchange.Signed.NOT_CHECKED, "not checked");
        }
        return true;
    }

    /** The parsed body, or null: it was then answered as invalid. */
    private <T> @Nullable T valid(Call call, Reading<T> reading) {
        if (reading instanceof Reading.Complete<T> complete) {
            return complete.value();
        }
        invalid(call, ((Reading.Broken<T>) reading).problem());
        return null;
    }

    private void invalid(Call call, String reason) {
        books.badRequest();
        // It names members, never values.
        call.report("400 invalid: " + reason);
        call.reply(400, StatusBody.of("invalid", "reason", reason));
    }
}
