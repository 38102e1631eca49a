package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** What the log says of peers that break connections. */
@Isolated("looks at everything that this JVM logs")
class BrokenConnectionsIT {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void broken_connections_are_no_warnings() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try (VertxBrokerClient client = ReplyGuardIT.client(vertx);
                HostileReceiver receiver =
                        HostileReceiver.plain(ReplyGuardIT.always(new AtomicInteger(), (socket, request, number) -> {
                            switch (number % 6) {
                                case 0 -> HostileReceiver.reset(socket);
                                case 1 ->
                                    HostileReceiver.write(
                                            socket,
                                            ReplyGuardIT.own(0, ReplyGuardIT.naming(request))
                                                    .repeat(2));
                                case 2 -> {
                                    HostileReceiver.write(socket, ReplyGuardIT.own(0, ReplyGuardIT.naming(request)));
                                    ReplyGuardIT.pause(20);
                                    HostileReceiver.reset(socket);
                                }
                                case 3 -> ReplyGuardIT.pause(1000);
                                case 4 -> HostileReceiver.write(socket, "HTTP/1.1 200 X\r\n\r\n" + "x".repeat(1 << 20));
                                default -> {
                                    HostileReceiver.write(socket, ReplyGuardIT.own(0, ReplyGuardIT.naming(request)));
                                    ReplyGuardIT.pause(20);
                                    HostileReceiver.write(socket, "unasked");
                                }
                            }
                        }))) {
            for (int i = 0; i < 20; i++) {
                ReplyGuardIT.post(vertx, client, receiver.port(), ReplyGuardIT.SHORT)
                        .get(30, TimeUnit.SECONDS);
                TimeUnit.MILLISECONDS.sleep(30);
            }
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }
}
