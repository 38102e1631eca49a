package org.brokerhandoff.website;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.website.http.WebsiteServer;
import org.brokerhandoff.website.ingest.IngestClient;

/** A running website. */
public final class SampleWebsite implements AutoCloseable {
    private static final int LIMIT_SECONDS = 30;

    private final Vertx vertx;
    private final IngestClient ingest;
    private final String deployment;
    private final int port;

    private SampleWebsite(Vertx vertx, IngestClient ingest, String deployment, int port) {
        this.vertx = vertx;
        this.ingest = ingest;
        this.deployment = deployment;
        this.port = port;
    }

    /**
     * Starts to listen; blocks until it does.
     *
     * @throws java.util.concurrent.CompletionException if the address cannot be bound
     */
    public static SampleWebsite start(Vertx vertx, WebsiteSettings settings, MeterRegistry meters) {
        IngestClient ingest = new IngestClient(vertx, settings.ingest(), settings.apiKey());
        WebsiteServer server = new WebsiteServer(settings, ingest, meters, InstantSource.system());
        try {
            String deployment = vertx.deployVerticle(server)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
            return new SampleWebsite(vertx, ingest, deployment, server.port());
        } catch (RuntimeException e) {
            ingest.close();
            throw e;
        }
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /** Stops listening. Not to be called on an event loop. */
    @Override
    public void close() {
        vertx.undeploy(deployment)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
        ingest.close();
    }
}
