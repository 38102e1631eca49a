package org.brokerhandoff.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaRefusalTest {
    private static final String SECRET = "hunter2";

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("TLS fails", new SslAuthenticationException(SECRET)),
                Arguments.of("SASL fails", new SaslAuthenticationException(SECRET)),
                Arguments.of("ACLs forbid", new TopicAuthorizationException(Set.of(SECRET))),
                Arguments.of("ACLs forbid", new ClusterAuthorizationException(SECRET)),
                Arguments.of(
                        "can be resolved",
                        new ConfigException("No resolvable bootstrap urls given in bootstrap.servers")),
                Arguments.of("refuses a setting", new ConfigException("sasl.jaas.config", SECRET)),
                Arguments.of("no answer in time", new TimeoutException(SECRET)),
                Arguments.of("no answer in time", new java.util.concurrent.TimeoutException(SECRET)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_refusal_is_explained_however_deep_and_not_quoted(String explanation, Exception refusal) {
        assertThat(KafkaRefusal.explained(refusal))
                .hasValueSatisfying(
                        text -> assertThat(text).contains(explanation).doesNotContain(SECRET));
        assertThat(KafkaRefusal.explained(new ExecutionException(new KafkaException(SECRET, refusal))))
                .isEqualTo(KafkaRefusal.explained(refusal));
    }

    @Test
    void what_is_not_known_is_not_guessed() {
        assertThat(KafkaRefusal.explained(new UnknownServerException(SECRET))).isEmpty();
        assertThat(KafkaRefusal.explained(new IllegalStateException(SECRET))).isEmpty();
    }
}
