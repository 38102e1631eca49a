package org.brokerhandoff.embeddedkafka;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The broker could not be started or did not serve in time; the message says where and, if known, why. */
public final class EmbeddedKafkaFailed extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    EmbeddedKafkaFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
