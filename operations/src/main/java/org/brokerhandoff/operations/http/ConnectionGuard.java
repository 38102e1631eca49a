package org.brokerhandoff.operations.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A handler between Netty's decoder and Vert.x on each connection. It never answers a request itself, because responses must keep their
 * order: it marks faults, and the request's handler answers.
 *
 * <ul>
 * <li>A head with a {@link RequestFault} continues as a decoding failure: Vert.x passes it to the handler for invalid requests, and closes
 * the connection after the response.
 * <li>A body that breaks off, is malformed or late is ended; {@link #bodyFault} reports it.
 *   <li>A connection that waits too long for a request is closed.
 * <li>After a refusal the connection is closed in two steps: first the output, then the rest once the client has had time to read the
 * response. Closing at once with unread bytes resets the connection, and the client loses the response.
 * </ul>
 *
 * <p>All methods except {@link #waiting} and {@link #giveWay} are called on the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what cannot be written or closed is closed already
final class ConnectionGuard extends ChannelDuplexHandler {
    private static final AttributeKey<RequestFault> BODY_FAULT = AttributeKey.valueOf(ConnectionGuard.class, "body");
    private static final Duration LINGER = Duration.ofSeconds(2);

    /** Time limit for a response in progress when the connection's input has ended. */
    private static final Duration LAST_ANSWER = Duration.ofSeconds(6);

    private static final byte[] TIMED_OUT = timedOut();

    private final ConnectionLimits limits;
    private final FoldedHeaders folded;
    private volatile boolean waiting = true;
    private volatile @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean first = true;
    private boolean inBody;
    /** Requests that have begun and whose responses have not ended. */
    private int unanswered;

    private boolean broken;
    private boolean inputEnded;
    private boolean lingering;
    private boolean streaming;

    ConnectionGuard(ConnectionLimits limits, FoldedHeaders folded) {
        this.limits = limits;
        this.folded = folded;
    }

    /** The fault of the body of the request that {@code connection} received last; empty if there is none. */
    static Optional<RequestFault> bodyFault(HttpConnection connection) {
        return Optional.ofNullable(
                ((ConnectionBase) connection).channel().attr(BODY_FAULT).get());
    }

    /** Exempts the response in progress on {@code connection} from the idle timeout. */
    static void streams(HttpConnection connection) {
        ConnectionGuard guard =
                ((ConnectionBase) connection).channel().pipeline().get(ConnectionGuard.class);
        if (guard != null && !guard.inBody) {
            guard.cancel();
            guard.streaming = true;
        }
    }

    /** Whether the connection has no unanswered request. */
    boolean waiting() {
        return waiting;
    }

    /** Closes the connection in favour of another one. */
    void giveWay() {
        ChannelHandlerContext known = context;
        if (known != null) {
            known.channel().close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        // A client may close its output after the request and wait for the response.
        added.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        await(added, limits.head());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (lingering || broken) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            head(ctx, request);
            if (!request.decoderResult().isSuccess()) {
                ctx.fireChannelRead(message);
                return;
            }
        }
        if (message instanceof HttpContent content) {
            if (!content.decoderResult().isSuccess()) {
                ReferenceCountUtil.release(message);
                breakOff(ctx, RequestFault.MALFORMED_BODY);
                return;
            } else if (content instanceof LastHttpContent) {
                inBody = false;
                folded.nextHead();
                await(ctx, limits.idle());
            }
        }
        ctx.fireChannelRead(message);
    }

    private void head(ChannelHandlerContext ctx, HttpRequest request) {
        first = false;
        waiting = false;
        inBody = true;
        unanswered++;
        cancel();
        if (request.decoderResult().isSuccess()) {
            Optional<RequestFault> fault =
                    folded.found() ? Optional.of(RequestFault.MALFORMED_REQUEST) : RequestFault.in(request);
            fault.ifPresent(found -> request.setDecoderResult(DecoderResult.failure(new RefusedRequest(found))));
            // Vert.x answers an unknown version by itself, and would echo it.
            request.setProtocolVersion(
                    request.protocolVersion().equals(HttpVersion.HTTP_1_0)
                            ? HttpVersion.HTTP_1_0
                            : HttpVersion.HTTP_1_1);
        }
        if (!request.decoderResult().isSuccess()) {
            // The decoder may be out of sync: the following bytes cannot be told from this request's body.
            broken = true;
            closeLater(ctx, LAST_ANSWER);
            return;
        }
        deadline = ctx.executor()
                .schedule(
                        () -> breakOff(ctx, RequestFault.REQUEST_TIMEOUT),
                        limits.body().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Ends a body that differs from what was announced; the connection accepts no next request. */
    private void breakOff(ChannelHandlerContext ctx, RequestFault fault) {
        if (broken || !inBody) {
            return;
        }
        broken = true;
        inBody = false;
        cancel();
        ctx.channel().attr(BODY_FAULT).set(fault);
        ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        ctx.fireChannelReadComplete();
        closeLater(ctx, LAST_ANSWER);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (waiting || lingering) {
                ctx.close();
            } else if (inBody) {
                breakOff(ctx, RequestFault.MALFORMED_BODY);
            } else {
                closeLater(ctx, LAST_ANSWER);
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !interim(message)) {
            ChannelPromise written = promise.unvoid();
            unanswered--;
            // Also while the body of a refused request is arriving: a stranger who sends none must not occupy a
            // connection.
            waiting = unanswered <= 0;
            if (streaming && waiting) {
                streaming = false;
                await(ctx, limits.idle());
            }
            if (inputEnded) {
                written.addListener(done -> ctx.close());
            }
            ctx.write(message, written);
        } else {
            ctx.write(message, promise);
        }
    }

    /** {@code 100 Continue}: the final response is still to come. */
    private static boolean interim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        cancel();
        if (lingering || inputEnded || !(broken || inBody) || !(ctx.channel() instanceof SocketChannel socket)) {
            ctx.close(promise);
            return;
        }
        lingering = true;
        socket.shutdownOutput();
        socket.config().setAutoRead(true);
        ctx.executor().schedule(() -> ctx.close(promise), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void await(ChannelHandlerContext ctx, Duration limit) {
        cancel();
        deadline = ctx.executor()
                .schedule(
                        () -> {
                            if (first) {
                                // Before the encoder, which has no request.
                                ctx.pipeline().firstContext().writeAndFlush(Unpooled.wrappedBuffer(TIMED_OUT));
                            }
                            ctx.close();
                        },
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private static void closeLater(ChannelHandlerContext ctx, Duration limit) {
        ctx.executor().schedule(() -> ctx.close(), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void cancel() {
        ScheduledFuture<?> pending = deadline;
        if (pending != null) {
            pending.cancel(false);
            deadline = null;
        }
    }

    private static byte[] timedOut() {
        String body = RequestFault.REQUEST_TIMEOUT.problem().toJson();
        return ("HTTP/1.1 408 Request Timeout\r\ncontent-type: " + Problem.CONTENT_TYPE
                        + "\r\nconnection: close\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
