package org.brokerhandoff.router.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.PromiseNotifier;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Stands in an HTTP/1.1 connection between the HTTP codec and the client, and ensures that no reply counts for another request.
 *
 * <p>In HTTP/1.1 only the order says which request a reply answers. A peer that sends a reply twice, or late, would
 * answer the next request on the connection. So a connection is reused only if its latest reply named its request, by
 * repeating header {@value #REQUEST_ID}; and on a reused connection only such a reply counts. Without it each request
 * has its own connection, on which there is no other request to be answered.
 *
 * <pre>
 *             request written        all of it taken       first byte of      end of the reply,
 *                                    by the system         a final reply      which names its request
 *   IDLE ──────────────────▶ WRITING ─────────────▶ WAITING ──────────▶ READING ──────────────────────▶ IDLE
 *    │                          │                   │  ▲                   │
 *    │ any byte                 │ any byte          │  └─ interim reply:   │ end of a reply that does not name it,
 *    │                          │                   │     dropped          │ or anything behind the reply
 *    ▼                          ▼                   ▼                      ▼
 *   SPOILED ◀───────────────────┴───────────────────┘                   ANSWERED: closed by the client
 *            what is no reply; 101; too much;
 *            a reply to another request
 * </pre>
 *
 * <p>A spoiled connection is closed at once, and what was in progress on it has no reply. All methods run on the channel's event loop.
 */
final class ReplyGuard extends ChannelDuplexHandler {
    /** Sent with each request; a reply that repeats it lets its connection be used again. */
    static final String REQUEST_ID = "x-request-id";

    /** Interim replies to one request. */
    static final int MOST_INTERIM_REPLIES = 32;

    /** All that one exchange may read: interim replies, head, body, and how they are framed. */
    static final int MOST_EXCHANGE_BYTES = 4 * VertxBrokerClient.MOST_REPLY_BYTES;

    private static final int MOST_STATUS_LINE_BYTES = 4096;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int FIRST_STATUS = 100;
    private static final int FIRST_FINAL_STATUS = 200;

    private enum State {
        IDLE,
        WRITING,
        WAITING,
        READING,
        ANSWERED,
        SPOILED
    }

    private final Decoder decoder = new Decoder();

    @SuppressWarnings("NullAway.Init") // set when it is added to the connection
    private ChannelHandlerContext own;

    private State state = State.IDLE;
    private String requestId = "";
    private boolean usedBefore;
    private int interimReplies;
    private boolean inInterimReply;
    private long exchangeBytes;
    private boolean repeatable;
    private boolean endsWithConnection;
    private boolean broken;
    private boolean closeNotified;
    private @Nullable HttpHeaders replyHeaders;
    /** The end of a reply, until it is known whether anything came behind it. */
    private @Nullable LastHttpContent held;

    private ReplyGuard() {}

    /** Puts a guard, and a stricter decoder, into a connection on which nothing was written yet. */
    static void install(ChannelPipeline pipeline) {
        ReplyGuard guard = new ReplyGuard();
        // Added before the other one goes, which passes on what it may have read.
        pipeline.addAfter("codec", "request-encoder", new HttpRequestEncoder());
        pipeline.addAfter("request-encoder", "reply-guard", guard);
        pipeline.replace("codec", "reply-decoder", guard.decoder);
    }

    /** Something had arrived before the request could be written: nothing of it was sent. */
    static final class NotClean extends Exception {
        private static final long serialVersionUID = 1;

        NotClean() {
            super("something arrived before the request", null, false, false);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        own = context;
    }

    /** Sees every byte before it is understood. */
    private final class Decoder extends HttpResponseDecoder {
        Decoder() {
            super(new HttpDecoderConfig()
                    .setMaxInitialLineLength(MOST_STATUS_LINE_BYTES)
                    .setMaxHeaderSize(VertxBrokerClient.MOST_REPLY_BYTES));
        }

        int leftOver() {
            return actualReadableBytes();
        }

        boolean hasNoBody(HttpResponse reply) {
            return isContentAlwaysEmpty(reply);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
            if (bytes instanceof ByteBuf buffer && !mayArrive(buffer.readableBytes())) {
                buffer.release();
                spoil();
                return;
            }
            super.channelRead(context, bytes);
        }

        /** Two ends of one body: where it ends is then a matter of opinion. */
        @Override
        protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
            throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
        }
    }

    private boolean mayArrive(int bytes) {
        exchangeBytes += bytes;
        return bytes == 0
                || ((state == State.WAITING || state == State.READING) && exchangeBytes <= MOST_EXCHANGE_BYTES);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ChannelPromise written = promise;
        if (message instanceof HttpRequest request) {
            if (state != State.IDLE || decoder.leftOver() > 0) {
                ReferenceCountUtil.release(message);
                NotClean notClean = new NotClean();
                context.channel().attr(ConnectionGuards.NOTHING_TAKEN).set(notClean);
                promise.tryFailure(notClean);
                spoil();
                return;
            }
            begin(request);
        }
        if (message instanceof LastHttpContent) {
            // Of this channel's event loop, whatever the client's own is: the reply may arrive at once.
            written = own.newPromise();
            written.addListener(done -> {
                if (done.isSuccess() && state == State.WRITING) {
                    state = State.WAITING;
                }
            });
            var unusedLink = PromiseNotifier.cascade(false, written, promise.unvoid());
        }
        var unused = context.write(message, written);
    }

    private void begin(HttpRequest request) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        requestId = new UUID(random.nextLong(), random.nextLong()).toString();
        request.headers().set(REQUEST_ID, requestId);
        state = State.WRITING;
        interimReplies = 0;
        inInterimReply = false;
        exchangeBytes = 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == State.ANSWERED) {
            // Behind the reply in the same bytes: the connection is closed with the end of the reply.
            ReferenceCountUtil.release(message);
        } else if (!(message instanceof HttpObject part) || part.decoderResult().isFailure()) {
            refuse(message);
        } else if (inInterimReply) {
            ReferenceCountUtil.release(message);
            inInterimReply = !(message instanceof LastHttpContent);
        } else if (message instanceof HttpResponse reply && state == State.WAITING) {
            head(reply);
        } else if (message instanceof HttpContent content && state == State.READING) {
            content(content);
        } else {
            refuse(message);
        }
    }

    private void head(HttpResponse reply) {
        int status = reply.status().code();
        boolean known = HttpVersion.HTTP_1_1.equals(reply.protocolVersion())
                || HttpVersion.HTTP_1_0.equals(reply.protocolVersion());
        if (!known || status < FIRST_STATUS || status == SWITCHING_PROTOCOLS) {
            refuse(reply);
            return;
        }
        if (status < FIRST_FINAL_STATUS) {
            ReferenceCountUtil.release(reply);
            interimReplies++;
            inInterimReply = true;
            if (interimReplies > MOST_INTERIM_REPLIES) {
                spoil();
            }
            return;
        }
        boolean named = reply.headers().getAll(REQUEST_ID).equals(List.of(requestId));
        if (usedBefore && !named) {
            // It may be a late one to the request before.
            refuse(reply);
            return;
        }
        state = State.READING;
        repeatable = named && HttpVersion.HTTP_1_1.equals(reply.protocolVersion());
        endsWithConnection = !HttpUtil.isTransferEncodingChunked(reply)
                && !reply.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                && !decoder.hasNoBody(reply);
        replyHeaders = reply.headers();
        own.fireChannelRead(reply);
    }

    private void content(HttpContent content) {
        if (!(content instanceof LastHttpContent last)) {
            own.fireChannelRead(content);
        } else if (endsWithConnection && !endedInOrder()) {
            // Cut off, or it cannot be told.
            refuse(last);
        } else {
            state = State.ANSWERED;
            held = last;
            if (!repeatable || decoder.leftOver() > 0) {
                passOn(false);
            }
        }
    }

    /** All that had arrived was understood. Only now is it known that nothing came behind the reply. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        passOn(decoder.leftOver() == 0);
        context.fireChannelReadComplete();
    }

    /** The client writes its next request while it is told of the end: the state is another before. */
    private void passOn(boolean clean) {
        LastHttpContent last = held;
        if (last == null) {
            return;
        }
        held = null;
        if (clean && repeatable && own.channel().isActive()) {
            state = State.IDLE;
            usedBefore = true;
        } else if (replyHeaders != null) {
            // The client looks at it when the reply has ended, and closes the connection.
            replyHeaders.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        replyHeaders = null;
        own.fireChannelRead(last);
    }

    private boolean endedInOrder() {
        boolean tls = own.pipeline().get(SslHandler.class) != null;
        return !broken && (!tls || closeNotified);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
            closeNotified = true;
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        broken = true;
        context.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        passOn(false);
        context.fireChannelInactive();
    }

    private void refuse(Object message) {
        ReferenceCountUtil.release(message);
        spoil();
    }

    private void spoil() {
        if (state == State.ANSWERED && held != null) {
            // The reply was complete before; it counts, and the client closes.
            passOn(false);
            return;
        }
        state = State.SPOILED;
        var unused = own.close();
    }
}
