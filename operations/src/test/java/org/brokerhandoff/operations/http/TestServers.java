package org.brokerhandoff.operations.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** Servers that answer each proper request, until they are closed together. */
final class TestServers implements AutoCloseable {
    /** Longer than the idle timeout. */
    static final Duration STREAM = Duration.ofMillis(2500);

    // Shared: a refused connection stays half open for two seconds, for which closing a Vert.x waits.
    private final Vertx vertx = Vertx.vertx();

    /** Answers 200 when the body has ended properly. */
    HttpServer start(MeterRegistry meters, ConnectionLimits limits) {
        return new BoundedHttpServer(limits, "test", meters)
                .create(vertx, request -> answer(request, meters))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private void answer(HttpServerRequest request, MeterRegistry meters) {
        meters.counter("test.begun").increment();
        if (request.getHeader("Expect") != null && !request.path().equals("/refused")) {
            var unused = request.response().writeContinue();
        }
        if (request.path().equals("/refused")) {
            var unused = request.response().setStatusCode(401).end();
        }
        request.handler(chunk -> {});
        request.endHandler(ended -> {
            var fault = BoundedHttpServer.bodyFault(request);
            if (request.response().ended()) {
                return;
            }
            if (fault.isPresent()) {
                request.response().putHeader("Connection", "close");
                var unused = fault.get()
                        .problem()
                        .send(request.response())
                        .onComplete(sent -> request.connection().close());
            } else if (request.path().equals("/stream")) {
                BoundedHttpServer.streams(request);
                var unused = request.response().setChunked(true).write("beat");
                vertx.setTimer(STREAM.toMillis(), late -> request.response().end());
            } else if (request.path().equals("/slow")) {
                vertx.setTimer(300, late -> request.response().end("slow"));
            } else {
                var unused = request.response().end("ok");
            }
        });
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
