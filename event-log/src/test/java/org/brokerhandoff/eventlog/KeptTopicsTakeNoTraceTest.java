package org.brokerhandoff.eventlog;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.operations.tracing.TraceLink;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A trace id in a kept record would link the log to a collector's data. It is refused before anything is sent: no broker is needed here. */
class KeptTopicsTakeNoTraceTest {
    private static final TraceLink LINK = new TraceLink("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    static Stream<Topic> kept() {
        return Arrays.stream(Topic.values()).filter(Topic::kept);
    }

    @ParameterizedTest
    @MethodSource("kept")
    void an_event_with_a_trace_is_not_published_to(Topic topic) {
        UUID id = UUID.randomUUID();
        ConsentWithdrawn event = ConsentWithdrawn.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setWithdrawnAt(Instant.parse("2026-11-22T13:00:00Z"))
                .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setOutcome(WithdrawalOutcome.ERASED_BEFORE_HANDOFF)
                .build();
        KafkaClients clients =
                new KafkaClients(new EventLogSettings("localhost:1", Map.of(), "test", 1, 1, Duration.ofHours(24)));
        try (EventPublisher publisher =
                new EventPublisher(clients, new EventCodec(), "/test", InstantSource.system())) {
            assertThatThrownBy(() -> publisher.publish(topic, id, event, Optional.of(LINK)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no trace");
        }
    }
}
