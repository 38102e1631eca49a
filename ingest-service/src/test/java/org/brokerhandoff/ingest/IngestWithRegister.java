package org.brokerhandoff.ingest;

import io.vertx.core.Vertx;
import java.util.Optional;
import org.brokerhandoff.ingest.intake.FaultPoints;

/** An ingest service, and beside it the projection that a register service does. */
record IngestWithRegister(IngestService ingest, Optional<Projection> projection) implements AutoCloseable {
    static IngestWithRegister start(IngestSettings settings, Vertx vertx) {
        return start(settings, vertx, FaultPoints.NONE);
    }

    static IngestWithRegister start(IngestSettings settings, Vertx vertx, FaultPoints faultPoints) {
        IngestService ingest = IngestService.start(settings, vertx, faultPoints);
        boolean kafka = !settings.eventLog().bootstrapServers().equals(Installation.NO_KAFKA);
        return new IngestWithRegister(ingest, kafka ? Optional.of(Projection.of(settings)) : Optional.empty());
    }

    int port() {
        return ingest.port();
    }

    int operationsPort() {
        return ingest.operationsPort();
    }

    @Override
    public void close() {
        ingest.close();
        projection.ifPresent(Projection::close);
    }
}
