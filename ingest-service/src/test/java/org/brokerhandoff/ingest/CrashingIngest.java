package org.brokerhandoff.ingest;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.brokerhandoff.ingest.intake.FaultPoints.Arrow;

/**
 * An ingest service in a separate process that stops at an arrow and waits there to be killed. Prints {@code port N} when it
 * listens and {@code reached} when it has stopped.
 */
public final class CrashingIngest {
    private CrashingIngest() {}

    /** Arguments: directory, Kafka, topic prefix, arrow. */
    public static void main(String[] arguments) throws InterruptedException {
        Installation installation = Installation.in(Path.of(arguments[0]), arguments[1], arguments[2]);
        Arrow deadly = Arrow.valueOf(arguments[3].toUpperCase(Locale.ROOT));
        CountDownLatch never = new CountDownLatch(1);
        IngestService service = IngestService.start(installation.settings(), Vertx.vertx(), arrow -> {
            if (arrow == deadly) {
                say("reached");
                wait(never);
            }
        });
        say("port " + service.port());
        never.await();
    }

    private static void wait(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void say(String word) {
        System.out.println(word);
        System.out.flush();
    }
}
