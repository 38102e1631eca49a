package org.brokerhandoff.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Executes the reactions to valid handoffs: enters them in the books and answers as decided by {@link Behaviour}, however wrong, late or long
 * that is.
 */
final class HandoffResponder {
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
    private static final int HUGE_REPLY_CHUNK_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final String brokerId;
    private final HandoffListener listener;
    private final Books books;

    HandoffResponder(Vertx vertx, String brokerId, HandoffListener listener, Books books) {
        this.vertx = vertx;
        this.brokerId = brokerId;
        this.listener = listener;
        this.books = books;
    }

    void react(Call call, HandoffFacts facts, Reaction reaction) {
        if (reaction instanceof Reaction.Accept) {
            call.reply(200, acceptance(facts, accept(facts)));
        } else if (reaction instanceof Reaction.Refuse refuse) {
            Verdict verdict = books.refuse(facts.signupId());
            listener.handled(facts.signupId(), verdict);
            if (verdict == Verdict.DUPLICATE) {
                call.reply(200, acceptance(facts, verdict));
            } else {
                call.reply(refuse.status(), StatusBody.of("rejected", "reason", refuse.reason()));
            }
        } else if (reaction instanceof Reaction.Fail fail) {
            fail(facts);
            fail.retryAfter().ifPresent(value -> call.response().putHeader(RETRY_AFTER, value));
            call.reply(fail.status(), StatusBody.of("failed"));
        } else if (reaction instanceof Reaction.AcceptThenDropReply) {
            accept(facts);
            call.closeConnection();
        } else if (reaction instanceof Reaction.AcceptThenReplyLate late) {
            String body = acceptance(facts, accept(facts));
            later(late.after(), () -> call.reply(200, body));
        } else if (reaction instanceof Reaction.AcceptThenReply fixed) {
            accept(facts);
            call.reply(fixed.status(), fixed.body());
        } else if (reaction instanceof Reaction.AcceptWithHugeReply huge) {
            accept(facts);
            call.report("200 accepted, " + huge.bytes() + " bytes");
            replyHuge(call, huge.bytes());
        } else if (reaction instanceof Reaction.AcceptWithEndlessReply) {
            accept(facts);
            call.report("200 accepted, endless body");
            replyEndlessly(call);
        } else if (reaction instanceof Reaction.AcceptWithSlowReply slow) {
            String body = acceptance(facts, accept(facts));
            call.report("200 accepted, slowly");
            replySlowly(call, body, slow.perByte());
        } else if (reaction instanceof Reaction.DropConnection) {
            fail(facts);
            call.closeConnection();
        } else if (reaction instanceof Reaction.Redirect redirect) {
            fail(facts);
            call.response().putHeader(HttpHeaders.LOCATION, redirect.location().toString());
            call.reply(redirect.status(), StatusBody.of("moved"));
        } else if (reaction instanceof Reaction.Delay delay) {
            later(delay.duration(), () -> react(call, facts, delay.then()));
        } else {
            throw new IllegalStateException("no such reaction: " + reaction.getClass());
        }
    }

    private Verdict accept(HandoffFacts facts) {
        Verdict verdict = books.accept(facts.signupId(), System.nanoTime());
        listener.handled(facts.signupId(), verdict);
        return verdict;
    }

    private void fail(HandoffFacts facts) {
        books.fail(facts.signupId());
        listener.handled(facts.signupId(), Verdict.FAILED);
    }

    private void later(Duration delay, Runnable action) {
        if (delay.toMillis() < 1) {
            action.run();
        } else {
            vertx.setTimer(delay.toMillis(), timer -> action.run());
        }
    }

    private void replyEndlessly(Call call) {
        HttpServerResponse response = call.response().setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, Call.JSON);
        response.write("{\"status\":\"accepted\",\"reference\":\"");
        new Filler(response, Long.MAX_VALUE, "\"}").write();
    }

    private void replyHuge(Call call, long bytes) {
        String head = "{\"status\":\"accepted\",\"reference\":\"";
        String tail = "\"}";
        HttpServerResponse response = call.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, Call.JSON)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(head.length() + bytes + tail.length()));
        response.write(head);
        new Filler(response, bytes, tail).write();
    }

    /** Writes as fast as the receiver reads, so that a huge reply needs no memory here. */
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
                int length = (int) Math.min(left, HUGE_REPLY_CHUNK_BYTES);
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

    private void replySlowly(Call call, String body, Duration perByte) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpServerResponse response = call.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, Call.JSON)
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
        return StatusBody.of(
                verdict == Verdict.DUPLICATE ? "duplicate" : "accepted",
                "reference",
                brokerId + "-" + facts.signupNumber());
    }
}
