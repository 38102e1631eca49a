package org.brokerhandoff.router.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.HashMap;
import java.util.Map;

/**
 * Stands in an HTTP/2 connection before the client. There a reply names its request by the stream, so this only drops interim
 * replies, up to {@value ReplyGuard#MOST_INTERIM_REPLIES} for each request, which the client would take for the reply.
 */
final class StreamReplyGuard extends Http2FrameListenerDecorator {
    /** By stream. */
    private final Map<Integer, Integer> interimReplies = new HashMap<>();

    private StreamReplyGuard(Http2FrameListener client) {
        super(client);
    }

    /** Puts a guard into a connection on which nothing was written yet. */
    static void install(ChannelPipeline pipeline) {
        Http2ConnectionHandler handler = pipeline.get(Http2ConnectionHandler.class);
        handler.decoder().frameListener(new StreamReplyGuard(handler.decoder().frameListener()));
    }

    private boolean interim(int stream, Http2Headers headers, boolean ends) throws Http2Exception {
        CharSequence status = headers.status();
        if (status == null || status.length() != 3 || status.charAt(0) != '1') {
            interimReplies.remove(stream);
            return false;
        }
        int now = interimReplies.merge(stream, 1, Integer::sum);
        if (ends || now > ReplyGuard.MOST_INTERIM_REPLIES || "101".contentEquals(status)) {
            interimReplies.remove(stream);
            throw Http2Exception.streamError(stream, Http2Error.PROTOCOL_ERROR, "no final reply");
        }
        return true;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        if (!interim(stream, headers, endOfStream)) {
            super.onHeadersRead(context, stream, headers, padding, endOfStream);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        if (!interim(stream, headers, endOfStream)) {
            super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, endOfStream);
        }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int stream, long errorCode) throws Http2Exception {
        interimReplies.remove(stream);
        super.onRstStreamRead(context, stream, errorCode);
    }
}
