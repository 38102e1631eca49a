package org.brokerhandoff.router;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** One event loop per processor, used in turn: what starts a request on a loop is answered on the same loop. */
final class EventLoops implements Executor, AutoCloseable {
    private final Vertx vertx;
    private final String deployment;
    private final List<Context> contexts;
    private final AtomicInteger turn = new AtomicInteger();

    private EventLoops(Vertx vertx, String deployment, List<Context> contexts) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.contexts = contexts;
    }

    static EventLoops deploy(Vertx vertx) {
        List<Context> contexts = new CopyOnWriteArrayList<>();
        String deployment = vertx.deployVerticle(
                        () -> new VerticleBase() {
                            @Override
                            public Future<?> start() {
                                contexts.add(context);
                                return Future.succeededFuture();
                            }
                        },
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return new EventLoops(vertx, deployment, contexts);
    }

    @Override
    public void execute(Runnable command) {
        contexts.get(Math.floorMod(turn.getAndIncrement(), contexts.size())).runOnContext(nothing -> command.run());
    }

    @Override
    public void close() {
        var unused = vertx.undeploy(deployment);
    }
}
