package org.brokerhandoff.custody.cells.cell;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.cells.fitness.CellFacts;
import org.brokerhandoff.operations.memory.WipingAllocator;

/**
 * Opens connections to cells. Their buffers are overwritten when they are released. A connection that is lost is not restored, and what was under
 * way on it is not sent again: a share that arrived late could outlive its destruction. For the same reason closing it drops what this
 * host still has to send.
 */
public final class CellClient implements AutoCloseable {
    private final ClientResources resources;
    private final RedisClient client;
    private final Duration limit;
    private final boolean tls;

    /** A client of cells that are asked without TLS. */
    public CellClient(Duration limit) {
        this(limit, Optional.empty());
    }

    /**
     * A client.
     *
     * @param limit how long an answer may take
     * @param certificates PEM file of those whose word for the cells' certificates counts; without it there is no TLS
     */
    public CellClient(Duration limit, Optional<Path> certificates) {
        this.limit = limit;
        this.tls = certificates.isPresent();
        this.resources = ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .nettyCustomizer(new NettyCustomizer() {
                    @Override
                    public void afterBootstrapInitialized(Bootstrap bootstrap) {
                        bootstrap.option(ChannelOption.ALLOCATOR, WipingAllocator.INSTANCE);
                        bootstrap.option(ChannelOption.SO_LINGER, 0);
                    }
                })
                .build();
        this.client = RedisClient.create(resources);
        ClientOptions.Builder options = ClientOptions.builder();
        certificates.ifPresent(file -> options.sslOptions(SslOptions.builder()
                .jdkSslProvider()
                .trustManager(file.toFile())
                .build()));
        client.setOptions(options.autoReconnect(false)
                .decodeBufferPolicy(new WipingDecodePolicy())
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(limit)
                        .tcpNoDelay(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(limit))
                .build());
    }

    /** For shares. Blocks. */
    StatefulRedisConnection<String, CellCodec.Value> connect(int cell, CellAddress at) {
        return connect(new CellCodec(cell), at, at.user(), at.password());
    }

    /** For the examination. Blocks. */
    StatefulRedisConnection<String, String> examiner(CellAddress at) {
        return connect(StringCodec.UTF8, at, at.examiner(), at.examinerPassword());
    }

    /**
     * Opens an agent's connection. Blocks.
     *
     * @throws RuntimeException if it cannot be opened
     */
    public HostAgent agent(String host, int port, String user, String password) {
        return new HostAgent(
                connect(StringCodec.UTF8, new CellAddress(host, port, user, password, "", ""), user, password));
    }

    /**
     * Looks at a cell: as the examiner, and whether the services' user gets in and may load the script by which shares are destroyed. Looks again
     * if the connection was opened and then ended. Blocks.
     */
    public CellLook look(CellAddress at, InstantSource clock) {
        CellLook look = lookOnce(at, clock);
        // On a loaded machine a connection to a cell that serves was seen to end before its first command.
        return look instanceof CellLook.Refused refused && refused.connectionEnded() ? lookOnce(at, clock) : look;
    }

    private CellLook lookOnce(CellAddress at, InstantSource clock) {
        String asking = at.examiner();
        try (StatefulRedisConnection<String, String> examining = examiner(at)) {
            CellFacts facts = new CellExaminer(clock).examine(examining);
            asking = at.user();
            try (StatefulRedisConnection<String, String> working =
                    connect(StringCodec.UTF8, at, at.user(), at.password())) {
                var unused = working.sync().scriptLoad(Cell.DESTROY);
            }
            return new CellLook.Answered(facts);
        } catch (RuntimeException e) {
            return new CellLook.Refused(asking, CellLook.reason(e));
        }
    }

    private <V> StatefulRedisConnection<String, V> connect(
            RedisCodec<String, V> codec, CellAddress at, String user, String password) {
        RedisURI uri = RedisURI.builder()
                .withHost(at.host())
                .withPort(at.port())
                .withAuthentication(user, password.toCharArray())
                .withTimeout(limit)
                .withSsl(tls)
                .withVerifyPeer(SslVerifyMode.FULL)
                .build();
        return client.connect(codec, uri);
    }

    @Override
    public void close() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
    }
}
