package org.brokerhandoff.embeddedkafka;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The broker could not be started or did not serve in time; the message says where and, if known, why. */
public final class EmbeddedKafkaFailed extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    EmbeddedKafkaFailed(String message, @Nullable Throwable cause) {
        super(cause == null ? message : message + ": " + reasons(cause), cause);
    }

    /** Kafka wraps what has happened several times, and each of the wraps may be the one that tells. */
    private static String reasons(Throwable failure) {
        StringBuilder text = new StringBuilder();
        int left = 5;
        for (Throwable cause = failure; cause != null && left > 0; cause = cause.getCause(), left--) {
            String reason = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
            if (text.indexOf(reason) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(reason);
            }
        }
        return text.toString();
    }
}
