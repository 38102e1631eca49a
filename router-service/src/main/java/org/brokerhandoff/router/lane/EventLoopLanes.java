package org.brokerhandoff.router.lane;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A lane for every two processors, each of them an event loop; syncs, producing and consuming need the others: a request that is sent in a lane is answered in it. The mailbox is the event loop's task
 * queue. It is woken up once for all that is put in until it looks, so the acknowledgements of a batch cost one wake-up.
 */
public final class EventLoopLanes implements AutoCloseable {
    private final Vertx vertx;
    private final String deployment;
    private final List<Lane> lanes;

    private EventLoopLanes(Vertx vertx, String deployment, List<Lane> lanes) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.lanes = lanes;
    }

    /** Takes an event loop of {@code vertx} for every two processors: with fewer lanes more signups share a wake-up. Blocks; not to be called on an event loop. */
    public static EventLoopLanes deploy(Vertx vertx) {
        List<Lane> lanes = new CopyOnWriteArrayList<>();
        String deployment = vertx.deployVerticle(
                        () -> new VerticleBase() {
                            @Override
                            public Future<?> start() {
                                lanes.add(new EventLoopLane(vertx, context));
                                return Future.succeededFuture();
                            }
                        },
                        new DeploymentOptions()
                                .setInstances(Math.max(1, Runtime.getRuntime().availableProcessors() / 2)))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return new EventLoopLanes(vertx, deployment, List.copyOf(lanes));
    }

    /** All of them. */
    public List<Lane> all() {
        return lanes;
    }

    /** No timer runs any more. What is in a mailbox is still done. */
    @Override
    public void close() {
        var unused = vertx.undeploy(deployment);
    }

    private record EventLoopLane(Vertx vertx, Context context) implements Lane {
        @Override
        public void execute(Runnable task) {
            context.runOnContext(nothing -> task.run());
        }

        @Override
        public void after(Duration wait, Runnable task) {
            // Timers belong to the context that sets them, and end with it. Vert.x takes no wait of zero.
            execute(() -> vertx.setTimer(Math.max(1, wait.toMillis()), timer -> task.run()));
        }
    }
}
