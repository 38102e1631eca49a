package org.brokerhandoff.registerservice;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.registerservice.notify.NoticeLog;

/** The register service, in a JVM that halts right before or after the named write of one signup's notice. */
public final class FaultyNoticesMain {
    /** Exit status of a JVM that has halted at its fault. */
    static final int HALTED = 98;

    /** The writes of a notice. */
    enum Fault {
        SENT_UNRECORDED(NoticeSent.class, false),
        SENT_ACKNOWLEDGED(NoticeSent.class, true),
        CONFIRMED_UNRECORDED(NoticeConfirmed.class, false),
        CONFIRMED_ACKNOWLEDGED(NoticeConfirmed.class, true);

        private final Class<? extends SpecificRecord> event;
        private final boolean acknowledged;

        Fault(Class<? extends SpecificRecord> event, boolean acknowledged) {
            this.event = event;
            this.acknowledged = acknowledged;
        }
    }

    private FaultyNoticesMain() {}

    /** Runs the service with the fault that the first argument names, for the signup of the second. */
    public static void main(String[] arguments) throws InterruptedException {
        Fault fault = Fault.valueOf(arguments[0]);
        UUID signup = UUID.fromString(arguments[1]);
        RegisterService service = RegisterService.start(
                RegisterServiceSettings.read(SettingsReader.of(System.getenv(), Service.REGISTER_SERVICE)),
                Vertx.vertx(),
                new SimpleMeterRegistry(),
                log -> new Notices(log, fault, signup));
        new CountDownLatch(1).await();
        service.close();
    }

    private record Notices(NoticeLog log, Fault fault, UUID chosen) implements NoticeLog {
        @Override
        public CompletionStage<?> record(UUID signupId, SpecificRecord event) {
            halt(signupId, event, false);
            return log.record(signupId, event).thenApply(acknowledged -> {
                halt(signupId, event, true);
                return acknowledged;
            });
        }

        private void halt(UUID signupId, SpecificRecord written, boolean acknowledged) {
            // On a busy machine a connection may not be established in time: nothing was sent then, and it is retried.
            boolean unanswered = written instanceof NoticeSent sent && sent.getOutcome() == NoticeOutcome.NO_ANSWER;
            if (signupId.equals(chosen)
                    && fault.event.isInstance(written)
                    && fault.acknowledged == acknowledged
                    && !unanswered) {
                // No shutdown hook, no flush: as kill -9.
                Runtime.getRuntime().halt(HALTED);
            }
        }
    }
}
