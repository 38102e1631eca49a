package org.brokerhandoff.audit.live;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.operations.lifecycle.LifeCycle;
import org.brokerhandoff.schemas.EventCodec;

/** The live page with all its components. */
public final class LivePage implements AutoCloseable {
    private final LifeCycle lifeCycle;
    private final LiveServer server;
    private final String host;

    private LivePage(LifeCycle lifeCycle, LiveServer server, String host) {
        this.lifeCycle = lifeCycle;
        this.server = server;
        this.host = host;
    }

    /** Whether {@code host} is reachable only from this host, so that no key is needed. */
    public static boolean isLoopback(String host) {
        return Access.isLoopback(host);
    }

    /**
     * Starts to follow the log and to serve.
     *
     * @param key required of every request; empty: every process of this host may read
     * @param trust policy for the signatures of proofs; empty: signatures are not verified
     * @param port 0 for any free one
     * @throws org.brokerhandoff.operations.http.CannotListen if the address cannot be bound
     * @throws IllegalArgumentException if {@code host} is reachable from elsewhere and there is no key
     */
    public static LivePage start(
            KafkaClients clients, Optional<String> key, Optional<Policy> trust, String host, int port) {
        if (key.isEmpty() && !isLoopback(host)) {
            throw new IllegalArgumentException("without a key only this host has access");
        }
        EventCodec codec = new EventCodec();
        InstantSource clock = InstantSource.system();
        LifeCycle lifeCycle = new LifeCycle();
        try {
            Vertx vertx = Vertx.vertx();
            lifeCycle.atEnd(
                    "vertx",
                    () -> vertx.close()
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join());
            LogFollower follower = lifeCycle.opened("follower", LogFollower.start(clients, codec, clock));
            ReplicaWatch replicas = lifeCycle.opened("replicas", ReplicaWatch.start(clients, clock));
            SignupDesk desk = lifeCycle.opened("desk", new SignupDesk(new SignupLookup(clients, codec, trust), vertx));
            LiveServer server = lifeCycle.opened(
                    "server",
                    LiveServer.start(
                            vertx,
                            follower,
                            replicas::newest,
                            desk,
                            key.map(Access::withKey).orElseGet(Access::onThisHost),
                            host,
                            port));
            return new LivePage(lifeCycle, server, host);
        } catch (RuntimeException e) {
            lifeCycle.close();
            throw e;
        }
    }

    /** Its address. */
    public URI address() {
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port() + "/");
    }

    /** Serves until the process is terminated. */
    public void closeWhenTold() throws InterruptedException {
        lifeCycle.closeWhenTold();
    }

    @Override
    public void close() {
        lifeCycle.close();
    }
}
