package org.brokerhandoff.bench;

import java.io.IOException;
import java.time.Duration;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.quickstart.traffic.WebsiteClient;

/** A further ingest service over a custody that hosts share, and the website's connections to it. */
final class SecondIngest implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration REPEAT_AFTER = Duration.ofMillis(200);

    private final int port;
    private final ServiceProcess ingest;
    private final WebsiteClient website;

    /** Starts it. */
    SecondIngest(Rig rig, int connections) throws IOException, InterruptedException {
        this.port = LoopbackPorts.free();
        this.ingest = rig.service("ingest-2", "org.brokerhandoff.ingest.Main", "HANDOFF_HTTP_PORT", port);
        this.website = new WebsiteClient(
                rig.vertx,
                ingest.host().address(),
                port,
                connections,
                rig.installation.websiteKey(),
                rig.installation.adminKey(),
                REPEAT_AFTER);
        try {
            ingest.bringUp(START_LIMIT);
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    ServiceProcess ingest() {
        return ingest;
    }

    /** Where it takes signups. */
    int port() {
        return port;
    }

    WebsiteClient website() {
        return website;
    }

    @Override
    public void close() {
        website.close();
        ingest.close();
    }
}
