package org.brokerhandoff.bench.replies;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** As {@link FuzzingPeer}, over HTTP/2: writes frames that violate the rules enforced by Netty's server side. */
final class FuzzingStreamPeer implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicLong connections = new AtomicLong();
    private final Channel listening;

    FuzzingStreamPeer(KeyManagerFactory keys, long seed, Set<String> honest) throws SSLException, InterruptedException {
        SslContext tls = SslContextBuilder.forServer(keys)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
        listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Random random = new Random(seed * 37 + connections.getAndIncrement());
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        channel.pipeline().addLast(new HandlerBuilder(new Streams(random, honest)).build());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    long connections() {
        return connections.get();
    }

    /** Whether it was written shows in the client's result. */
    private static void ignore(Future<?> ignored) {}

    private static final class HandlerBuilder
            extends AbstractHttp2ConnectionHandlerBuilder<Http2ConnectionHandler, HandlerBuilder> {
        HandlerBuilder(Streams streams) {
            server(true);
            frameListener(streams);
            initialSettings(new Http2Settings().maxConcurrentStreams(1_000_000));
        }

        @Override
        protected Http2ConnectionHandler build() {
            return super.build();
        }

        @Override
        protected Http2ConnectionHandler build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new Quiet(decoder, encoder, settings);
        }
    }

    private static final class Quiet extends Http2ConnectionHandler {
        Quiet(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            super(decoder, encoder, settings);
        }

        /** The client closes invalid connections. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            ignore(context.close());
        }
    }

    /** One connection; confined to its event loop. */
    private static final class Streams extends Http2EventAdapter {
        private final Random random;
        private final Set<String> honest;
        /** A separate instance, so that header compression stays consistent whatever rules are broken. */
        private final Http2FrameWriter frames = new DefaultHttp2FrameWriter();

        private final Map<Integer, String> tokens = new HashMap<>();
        private @Nullable Reply former;

        Streams(Random random, Set<String> honest) {
            this.random = random;
            this.honest = honest;
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
                boolean end) {
            onHeadersRead(context, stream, headers, padding, end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean end) {
            CharSequence id = headers.get("webhook-id");
            String name = id == null ? "" : id.toString();
            tokens.put(stream, name.indexOf('/') < 0 ? name : name.substring(0, name.indexOf('/')));
            if (end) {
                answer(context, stream);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end) {
            if (end) {
                answer(context, stream);
            }
            return data.readableBytes() + padding;
        }

        private void answer(ChannelHandlerContext context, int stream) {
            int delayMillis = random.nextInt(3) == 0 ? random.nextInt(15) : 0;
            Reply reply = Reply.random(random, tokens.getOrDefault(stream, ""), "");
            var unused = context.executor()
                    .schedule(
                            () -> {
                                if (context.channel().isActive()) {
                                    act(context, stream, reply);
                                    former = reply;
                                    context.flush();
                                }
                            },
                            delayMillis,
                            TimeUnit.MILLISECONDS);
        }

        private void act(ChannelHandlerContext context, int stream, Reply reply) {
            switch (random.nextInt(22)) {
                case 0 -> {
                    for (int i = random.nextInt(40); i >= 0; i--) {
                        interim(context, stream, 102 + random.nextInt(90), false);
                    }
                    whole(context, stream, reply);
                }
                case 1 -> interim(context, stream, 103, true);
                case 2 -> {
                    interim(context, stream, 101, false);
                    whole(context, stream, reply);
                }
                case 3 -> {
                    whole(context, stream, reply);
                    whole(context, stream, reply);
                }
                case 4 -> {
                    whole(context, stream, reply);
                    Reply before = former;
                    if (before != null) {
                        whole(context, stream, before);
                    }
                }
                case 5 -> whole(context, stream + 2, new Reply(200, reply.body(), "unasked", ""));
                case 6 -> {
                    head(context, stream, reply, false);
                    ignore(frames.writeRstStream(context, stream, random.nextInt(14), context.newPromise()));
                }
                case 7 -> ignore(frames.writeRstStream(context, stream, random.nextInt(14), context.newPromise()));
                case 8 -> {
                    ignore(frames.writeGoAway(
                            context, Math.max(0, stream - 2), 0, context.alloc().buffer(0), context.newPromise()));
                    whole(context, stream, reply);
                }
                case 9 -> data(context, stream, reply.body(), true);
                case 10 -> {
                    head(context, stream, reply, false);
                    data(context, stream, reply.body().substring(0, 5), true);
                }
                case 11 -> {
                    byte[] noise = new byte[1 + random.nextInt(64)];
                    random.nextBytes(noise);
                    ignore(context.write(context.alloc().buffer().writeBytes(noise)));
                }
                case 12 -> ignore(context.close());
                case 13 ->
                    ignore(frames.writePushPromise(
                            context, stream, 2, new DefaultHttp2Headers().path("/"), 0, context.newPromise()));
                case 14 -> {
                    // Nothing: the client has to time out.
                }
                default -> {
                    whole(context, stream, reply);
                    honest.add(reply.token());
                }
            }
        }

        private void interim(ChannelHandlerContext context, int stream, int status, boolean end) {
            ignore(frames.writeHeaders(
                    context,
                    stream,
                    new DefaultHttp2Headers().status(String.valueOf(status)).add("retry-after", "interim"),
                    0,
                    end,
                    context.newPromise()));
        }

        private void whole(ChannelHandlerContext context, int stream, Reply reply) {
            head(context, stream, reply, false);
            data(context, stream, reply.body(), true);
        }

        private void head(ChannelHandlerContext context, int stream, Reply reply, boolean end) {
            ignore(frames.writeHeaders(
                    context,
                    stream,
                    new DefaultHttp2Headers()
                            .status(String.valueOf(reply.status()))
                            .add("retry-after", reply.token())
                            .add("content-length", String.valueOf(reply.body().length())),
                    0,
                    end,
                    context.newPromise()));
        }

        private void data(ChannelHandlerContext context, int stream, String body, boolean end) {
            ignore(frames.writeData(
                    context,
                    stream,
                    ByteBufUtil.encodeString(context.alloc(), CharBuffer.wrap(body), StandardCharsets.US_ASCII),
                    0,
                    end,
                    context.newPromise()));
        }
    }

    @Override
    public void close() {
        ignore(listening.close());
        ignore(loops.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    }
}
