package org.brokerhandoff.audit.log;

import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What an error of Kafka, or of its client, means for the person who runs the audit. Their messages are not repeated: they may quote a setting. */
public final class KafkaRefusal {
    private static final int MOST_CAUSES = 20;

    private KafkaRefusal() {}

    /** The problem and what to check, if this version knows the failure. */
    public static Optional<String> explained(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            Optional<String> known = known(cause);
            if (known.isPresent()) {
                return known;
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static Optional<String> known(Throwable cause) {
        if (cause instanceof SslAuthenticationException) {
            return Optional.of(
                    "TLS fails: the broker's certificate is not trusted or is for another host name, or the broker requires a client"
                            + " certificate (ssl.truststore.*, ssl.keystore.* in HANDOFF_KAFKA_CONFIG_FILE)");
        } else if (cause instanceof SaslAuthenticationException) {
            return Optional.of("SASL fails: the broker does not accept the user, password or mechanism (sasl.* in"
                    + " HANDOFF_KAFKA_CONFIG_FILE)");
        } else if (cause instanceof AuthorizationException) {
            return Optional.of(
                    "the ACLs forbid it: the user needs READ and DESCRIBE on the kept topics, and nothing else");
        } else if (cause instanceof ConfigException && unresolved(cause)) {
            return Optional.of(
                    "no host in HANDOFF_KAFKA_BOOTSTRAP_SERVERS can be resolved: a name is misspelt, or DNS does not work here");
        } else if (cause instanceof ConfigException) {
            return Optional.of("Kafka's client refuses a setting in HANDOFF_KAFKA_CONFIG_FILE");
        } else if (cause instanceof UnsupportedVersionException) {
            return Optional.of("the broker has a version that this client does not support");
        } else if (cause instanceof TimeoutException || cause instanceof java.util.concurrent.TimeoutException) {
            return Optional.of(
                    "no answer in time: nothing listens there, a firewall drops it, or the listener wants TLS or SASL and"
                            + " HANDOFF_KAFKA_CONFIG_FILE does not say so (security.protocol)");
        }
        return Optional.empty();
    }

    /** Kafka's client has no specific exception for that; this part of its message contains no setting. */
    private static boolean unresolved(Throwable cause) {
        String message = cause.getMessage();
        return message != null && message.contains("resolvable");
    }
}
