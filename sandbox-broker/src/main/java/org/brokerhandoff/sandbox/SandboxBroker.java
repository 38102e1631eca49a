package org.brokerhandoff.sandbox;

import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
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
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.brokerhandoff.sandbox.Contract.Reading;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving side of the handoff contract over HTTP: {@code /handoffs}, {@code /handoffs/ping} and {@code /notices}. Signatures
 * are asked of every {@code POST}; questions ({@code GET}) name a random id only, so one without a signature is answered, and one with a
 * wrong signature is not.
 */
public final class SandboxBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxBroker.class);
    private static final ObjectMapper TREES = new ObjectMapper();
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence WEBHOOK_ID = HttpHeaders.createOptimized("webhook-id");
    private static final CharSequence WEBHOOK_TIMESTAMP = HttpHeaders.createOptimized("webhook-timestamp");
    private static final CharSequence WEBHOOK_SIGNATURE = HttpHeaders.createOptimized("webhook-signature");
    private static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("idempotency-key");
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
    private static final String HANDOFFS = "/handoffs";
    private static final String PING = HANDOFFS + "/ping";
    private static final String NOTICES = "/notices";
    private static final int LARGEST_BODY = 256 * 1024;
    private static final int HUGE_REPLY_CHUNK = 64 * 1024;
    private static final Duration START_AND_STOP = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final SandboxBrokerSettings settings;
    private final WebhookVerifier verifier;
    private final Books books = new Books();
    private final HttpServer server;
    private volatile Behaviour behaviour;
    private volatile NoticeBehaviour noticeBehaviour;
    private volatile PingBehaviour pingBehaviour = PingBehaviour.always(PingBehaviour.Reaction.ACCEPT);
    private volatile boolean answersQuestions = true;

    private SandboxBroker(Vertx vertx, SandboxBrokerSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.verifier = new WebhookVerifier(settings.secrets());
        this.behaviour = settings.behaviour();
        this.noticeBehaviour = settings.noticeBehaviour();
        HttpServerOptions options =
                new HttpServerOptions().setHost(settings.host()).setPort(settings.port());
        settings.certificate()
                .ifPresent(
                        certificate -> options.setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate.keyStore()));
        settings.clientAuthorities()
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
                "listen on " + settings.host() + ":" + settings.port() + " (--port chooses another port)");
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

    /** Where handoffs go: {@code http://host:port/handoffs}. */
    public URI endpoint() {
        return at(HANDOFFS);
    }

    /** Where notices go: {@code http://host:port/notices}. */
    public URI notices() {
        return at(NOTICES);
    }

    /** What it saw and answered so far. */
    public Books books() {
        return books;
    }

    /** Reacts to handoffs like this from now on; delayed reactions stay as they were decided. */
    public void behave(Behaviour newBehaviour) {
        behaviour = newBehaviour;
    }

    /** Reacts to notices like this from now on. */
    public void behaveOnNotices(NoticeBehaviour newBehaviour) {
        noticeBehaviour = newBehaviour;
    }

    /** Reacts to pings like this from now on. */
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
        // Listening on all addresses says nothing about where to reach it; this machine always can here.
        String host = settings.host().equals("0.0.0.0") ? "127.0.0.1" : settings.host();
        return URI.create((settings.certificate().isPresent() ? "https://" : "http://") + host + ":" + port() + path);
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
            Call call = new Call(request, "handoff");
            withBody(call, body -> handoff(call, body));
        } else if (post && path.equals(PING)) {
            Call call = new Call(request, "ping");
            withBody(call, body -> ping(call, body));
        } else if (post && path.equals(NOTICES)) {
            Call call = new Call(request, "notice");
            withBody(call, body -> notice(call, body));
        } else if (get && path.startsWith(HANDOFFS + "/")) {
            question(new Call(request, "question"), path.substring(HANDOFFS.length() + 1), books::handoffStatus);
        } else if (get && path.startsWith(NOTICES + "/")) {
            question(new Call(request, "question"), path.substring(NOTICES.length() + 1), books::noticeStatus);
        } else {
            reply(new Call(request, "other"), 404, status("not-found"));
        }
    }

    /** One request on its way through. Confined to its event loop. */
    private static final class Call {
        private final HttpServerRequest request;
        private final String kind;
        private final long firstByteNanos = System.nanoTime();
        private final Instant firstByteAt = Instant.now();
        private @Nullable UUID signupId;
        private String signature = "";
        private boolean seen;

        Call(HttpServerRequest request, String kind) {
            this.request = request;
            this.kind = kind;
            // A reply that names its request lets the router use the connection again.
            String id = request.getHeader(REQUEST_ID);
            if (id != null) {
                request.response().putHeader(REQUEST_ID, id);
            }
        }

        HttpServerResponse response() {
            return request.response();
        }
    }

    private void seen(Call call, String answer) {
        if (!call.seen) {
            call.seen = true;
            settings.observer()
                    .seen(new Exchange(
                            call.firstByteAt, call.kind, Optional.ofNullable(call.signupId), answer, call.signature));
        }
    }

    @FunctionalInterface
    private interface Question {
        String answer(UUID signupId);
    }

    @FunctionalInterface
    private interface Body {
        void complete(byte[] body);
    }

    private void question(Call request, String id, Question question) {
        UUID signupId = Contract.uuid(id);
        request.signupId = signupId;
        if (request.request.getHeader(WEBHOOK_SIGNATURE) != null
                && !signatureHolds(request, ByteArrayBuilder.NO_BYTES)) {
            return;
        } else if (!answersQuestions) {
            reply(request, 503, status("unavailable"));
        } else if (signupId == null) {
            invalid(request, "the path must end in a UUID");
        } else {
            reply(request, 200, status(question.answer(signupId)));
        }
    }

    private void withBody(Call request, Body body) {
        Incoming incoming = new Incoming();
        request.request.handler(chunk -> {
            if (incoming.length + chunk.length() <= LARGEST_BODY) {
                incoming.add(chunk);
            } else if (!incoming.tooLarge) {
                incoming.tooLarge = true;
                books.badRequest();
                request.response().putHeader(HttpHeaders.CONNECTION, "close");
                reply(request, 413, status("invalid", "reason", "the body is too large"));
            }
        });
        request.request.endHandler(end -> {
            if (!incoming.tooLarge) {
                body.complete(incoming.bytes());
            }
        });
    }

    /** A body on its way in. Nearly all come in one piece, which is then copied once only. */
    private static final class Incoming {
        private @Nullable Buffer pieces;
        private int length;
        private boolean tooLarge;

        void add(Buffer chunk) {
            length += chunk.length();
            pieces = pieces == null
                    ? chunk
                    : Buffer.buffer(length).appendBuffer(pieces).appendBuffer(chunk);
        }

        byte[] bytes() {
            return pieces == null ? ByteArrayBuilder.NO_BYTES : pieces.getBytes();
        }
    }

    private void handoff(Call request, byte[] body) {
        if (!signatureHolds(request, body)) {
            return;
        }
        Reading<Contract.Handoff> reading = settings.anyBody()
                ? Contract.readAny(body, request.request.getHeader(IDEMPOTENCY_KEY))
                : Contract.readHandoff(body);
        if (reading instanceof Reading.Broken<Contract.Handoff> broken) {
            invalid(request, broken.problem());
            return;
        }
        Contract.Handoff handoff = ((Reading.Complete<Contract.Handoff>) reading).value();
        UUID signupId = handoff.signupId();
        request.signupId = signupId;
        String key = request.request.getHeader(IDEMPOTENCY_KEY);
        if (key != null) {
            books.keySeen(signupId, key);
        }
        if (!signupId.toString().equals(key)) {
            invalid(request, "Idempotency-Key must be the signup id");
            return;
        }
        if (settings.inspector().isPresent() && !inspected(request, signupId, body)) {
            return;
        }
        HandoffFacts facts = books.arrived(signupId, handoff.country(), request.firstByteNanos, request.firstByteAt);
        react(request, facts, behaviour.reactTo(facts));
    }

    private boolean inspected(Call request, UUID signupId, byte[] body) {
        try {
            JsonNode whole = TREES.readTree(body);
            settings.inspector().orElseThrow().accept(signupId, settings.anyBody() ? whole : whole.path("person"));
            return true;
        } catch (IOException | RuntimeException | AssertionError e) {
            // Its message may quote the person.
            LOG.error(
                    "the inspector failed on {} with {}", signupId, e.getClass().getName());
            reply(request, 500, status("failed"));
            return false;
        }
    }

    private void ping(Call request, byte[] body) {
        if (!signatureHolds(request, body)) {
            return;
        }
        Reading<Contract.Ping> reading = Contract.readPing(body);
        if (reading instanceof Reading.Broken<Contract.Ping> broken) {
            invalid(request, broken.problem());
            return;
        }
        books.pinged();
        switch (pingBehaviour.reactTo(
                ((Reading.Complete<Contract.Ping>) reading).value().country())) {
            case ACCEPT -> reply(request, 200, status("accepted"));
            case REJECT -> reply(request, 409, status("rejected"));
            case FAIL -> reply(request, 503, status("failed"));
            case SILENCE -> seen(request, "no answer");
        }
    }

    private void notice(Call request, byte[] body) {
        if (!signatureHolds(request, body)) {
            return;
        }
        Reading<Contract.Notice> reading = Contract.readNotice(body);
        if (reading instanceof Reading.Broken<Contract.Notice> broken) {
            invalid(request, broken.problem());
            return;
        }
        Contract.Notice notice = ((Reading.Complete<Contract.Notice>) reading).value();
        request.signupId = notice.signupId();
        int arrival = books.noticeArrived(notice.signupId(), notice.type(), request.firstByteAt);
        NoticeReaction reaction = noticeBehaviour.reactTo(notice.signupId(), notice.type(), arrival);
        if (reaction instanceof NoticeReaction.Fail fail) {
            reply(request, fail.status(), status("failed"));
            return;
        } else if (reaction instanceof NoticeReaction.Silent) {
            seen(request, "no answer");
            return;
        }
        int questions = reaction instanceof NoticeReaction.Pend pend ? pend.questions() : 0;
        boolean completed = books.noticeTaken(notice.signupId(), notice.type(), questions);
        reply(request, completed ? 200 : 202, status(completed ? "completed" : "pending"));
    }

    private boolean signatureHolds(Call call, byte[] body) {
        HttpServerRequest request = call.request;
        WebhookVerifier.Verification verification = verifier.verify(
                request.getHeader(WEBHOOK_ID),
                request.getHeader(WEBHOOK_TIMESTAMP),
                request.getHeader(WEBHOOK_SIGNATURE),
                body,
                Instant.now());
        if (verification instanceof WebhookVerifier.Verification.Wrong wrong) {
            call.signature = wrong.reason() + (wrong.hint().isEmpty() ? "" : " (" + wrong.hint() + ")");
            books.badSignature();
            reply(call, 401, status("unauthorized", "reason", wrong.reason()));
            return false;
        } else if (verification instanceof WebhookVerifier.Verification.Right right) {
            call.signature = right.scheme() + " by key " + right.key();
        } else {
            call.signature = "not checked";
        }
        return true;
    }

    private void invalid(Call request, String reason) {
        books.badRequest();
        reply(request, 400, status("invalid", "reason", reason));
    }

    // ---- reactions ----------------------------------------------------------------------------------------

    private void react(Call request, HandoffFacts facts, Reaction reaction) {
        if (reaction instanceof Reaction.Accept) {
            reply(request, 200, acceptance(facts, accept(facts)));
        } else if (reaction instanceof Reaction.Refuse refuse) {
            Verdict verdict = books.refuse(facts.signupId());
            settings.listener().handled(facts.signupId(), verdict);
            if (verdict == Verdict.DUPLICATE) {
                reply(request, 200, acceptance(facts, verdict));
            } else {
                reply(request, refuse.status(), status("rejected", "reason", refuse.reason()));
            }
        } else if (reaction instanceof Reaction.Fail fail) {
            fail(facts);
            fail.retryAfter().ifPresent(value -> request.response().putHeader(RETRY_AFTER, value));
            reply(request, fail.status(), status("failed"));
        } else if (reaction instanceof Reaction.AcceptThenDropReply) {
            accept(facts);
            seen(request, "connection closed");
            request.request.connection().close();
        } else if (reaction instanceof Reaction.AcceptThenReplyLate late) {
            String body = acceptance(facts, accept(facts));
            later(late.after(), () -> reply(request, 200, body));
        } else if (reaction instanceof Reaction.AcceptThenReply fixed) {
            accept(facts);
            reply(request, fixed.status(), fixed.body());
        } else if (reaction instanceof Reaction.AcceptWithHugeReply huge) {
            accept(facts);
            seen(request, "200 accepted, " + huge.bytes() + " bytes");
            replyHuge(request, huge.bytes());
        } else if (reaction instanceof Reaction.AcceptWithEndlessReply) {
            accept(facts);
            seen(request, "200 accepted, without end");
            replyEndlessly(request);
        } else if (reaction instanceof Reaction.AcceptWithSlowReply slow) {
            String body = acceptance(facts, accept(facts));
            seen(request, "200 accepted, slowly");
            replySlowly(request, body, slow.perByte());
        } else if (reaction instanceof Reaction.DropConnection) {
            fail(facts);
            seen(request, "connection closed");
            request.request.connection().close();
        } else if (reaction instanceof Reaction.Redirect redirect) {
            fail(facts);
            request.response()
                    .putHeader(HttpHeaders.LOCATION, redirect.location().toString());
            reply(request, redirect.status(), status("moved"));
        } else if (reaction instanceof Reaction.Delay delay) {
            later(delay.duration(), () -> react(request, facts, delay.then()));
        } else {
            throw new IllegalStateException("no such reaction: " + reaction.getClass());
        }
    }

    private Verdict accept(HandoffFacts facts) {
        Verdict verdict = books.accept(facts.signupId(), System.nanoTime());
        settings.listener().handled(facts.signupId(), verdict);
        return verdict;
    }

    private void fail(HandoffFacts facts) {
        books.fail(facts.signupId());
        settings.listener().handled(facts.signupId(), Verdict.FAILED);
    }

    private void later(Duration delay, Runnable action) {
        if (delay.toMillis() < 1) {
            action.run();
        } else {
            vertx.setTimer(delay.toMillis(), timer -> action.run());
        }
    }

    private void replyEndlessly(Call request) {
        HttpServerResponse response = request.response().setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        response.write("{\"status\":\"accepted\",\"reference\":\"");
        new Filler(response, Long.MAX_VALUE, "\"}").write();
    }

    private void replyHuge(Call request, long bytes) {
        String head = "{\"status\":\"accepted\",\"reference\":\"";
        String tail = "\"}";
        HttpServerResponse response = request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(head.length() + bytes + tail.length()));
        response.write(head);
        new Filler(response, bytes, tail).write();
    }

    /** Writes as fast as the receiver reads, so that a huge reply costs no memory here. */
    private static final class Filler {
        private final HttpServerResponse response;
        private final String tail;
        private long left;

        Filler(HttpServerResponse response, long bytes, String tail) {
            this.response = response;
            this.left = bytes;
            this.tail = tail;
        }

        void write() {
            while (left > 0 && !response.closed() && !response.writeQueueFull()) {
                int length = (int) Math.min(left, HUGE_REPLY_CHUNK);
                response.write("a".repeat(length));
                left -= length;
            }
            if (response.closed()) {
                return;
            }
            if (left > 0) {
                response.drainHandler(drained -> write());
            } else {
                response.end(tail);
            }
        }
    }

    private void replySlowly(Call request, String body, Duration perByte) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpServerResponse response = request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length));
        drip(response, bytes, 0, perByte);
    }

    private void drip(HttpServerResponse response, byte[] bytes, int next, Duration perByte) {
        if (response.closed()) {
            return;
        }
        Buffer one = Buffer.buffer(1).appendByte(bytes[next]);
        if (next == bytes.length - 1) {
            response.end(one);
        } else {
            response.write(one);
            later(perByte, () -> drip(response, bytes, next + 1, perByte));
        }
    }

    private String acceptance(HandoffFacts facts, Verdict verdict) {
        return status(
                verdict == Verdict.DUPLICATE ? "duplicate" : "accepted",
                "reference",
                settings.id() + "-" + facts.signupNumber());
    }

    /** The word that {@link #status} put in; a reply of a test's own has none. */
    private static String word(String body) {
        String head = "{\"status\":\"";
        int end = body.indexOf('"', head.length());
        return body.startsWith(head) && end > 0 ? body.substring(head.length(), end) : "(malformed)";
    }

    private static String status(String status) {
        return "{\"status\":\"" + status + "\"}";
    }

    private static String status(String status, String name, String value) {
        return "{\"status\":\"" + status + "\",\"" + name + "\":" + TextNode.valueOf(value) + "}";
    }

    private void reply(Call request, int status, String body) {
        seen(request, status + " " + word(body));
        HttpServerResponse response = request.response();
        if (!response.closed()) {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                    .end(body);
        }
    }
}
