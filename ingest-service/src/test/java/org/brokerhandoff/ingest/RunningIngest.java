package org.brokerhandoff.ingest;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One running service with its own log for all tests of a class, and the website that uses it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before the first test
abstract class RunningIngest {
    Vertx vertx;
    Installation installation;
    IngestWithRegister service;
    Website website;

    /** The settings for the start: without operator and receipt keys unless a class overrides it. */
    IngestSettings settings(Path directory) throws IOException {
        return installation.settings();
    }

    @BeforeAll
    void startService(@TempDir Path directory) throws IOException {
        vertx = Vertx.vertx();
        TestKafka kafka = TestKafka.shared();
        installation = Installation.in(directory, kafka.bootstrapServers(), kafka.randomTopicPrefix());
        service = IngestWithRegister.start(settings(directory), vertx);
        installation.publishDirectory();
        website = new Website(service.port()).ready();
    }

    @AfterAll
    void stopService() {
        service.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
