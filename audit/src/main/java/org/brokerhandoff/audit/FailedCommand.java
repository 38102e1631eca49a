package org.brokerhandoff.audit;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.apache.kafka.common.KafkaException;
import org.brokerhandoff.audit.ledger.UndecidedCheckpoint;
import org.brokerhandoff.audit.log.KafkaRefusal;
import org.brokerhandoff.audit.log.KeptLogUnusable;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.operations.configuration.InvalidConfiguration;

/** Why a command could not run, in words that quote no record and no secret. */
final class FailedCommand {
    private FailedCommand() {}

    /**
     * Prints it.
     *
     * @return the exit code
     */
    static int explain(Exception failure, PrintWriter err) {
        if (failure instanceof InvalidConfiguration
                || failure instanceof UncheckedIOException
                || failure instanceof EventLogUnavailable
                || failure instanceof UnknownSchema
                || failure instanceof KeptLogUnusable
                || failure instanceof UndecidedCheckpoint) {
            err.println("could not run: " + failure.getMessage());
        } else if (failure.getCause() instanceof OutOfMemoryError) {
            // Thrown in a command, and wrapped by callers. Its partial work was released with its stack frames.
            err.println("could not run: out of memory; allow more, such as JAVA_OPTIONS=-Xmx4g");
        } else if (failure instanceof KafkaException) {
            // Its message may quote a client setting, possibly a password.
            Throwable root = failure.getCause() == null ? failure : failure.getCause();
            err.println("could not run: "
                    + KafkaRefusal.explained(failure)
                            .orElseGet(() -> "Kafka's client refuses its settings: "
                                    + root.getClass().getSimpleName()));
        } else {
            err.println("could not run: " + failure.getClass().getName());
            failure.printStackTrace(err);
        }
        return AuditMain.COULD_NOT_RUN;
    }
}
