package org.brokerhandoff.operations.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {
    private static final UUID SIGNUP = UUID.fromString("0193a5f0-7b7e-7cc3-8f3a-6f1a2b3c4d5e");
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final InMemorySpanExporter sent = InMemorySpanExporter.create();

    /** One of each kind. */
    private static final List<Attribute> ALL = List.of(
            new Attribute.Signup(SIGNUP),
            new Attribute.Broker("fjord-markets"),
            new Attribute.Outcome(Operation.ERASE),
            new Attribute.Event(UUID.class),
            new Attribute.Attempt(2),
            new Attribute.Status(503));

    private List<SpanData> spans(Tracing tracing) {
        // Before the exporter discards them at its shutdown.
        tracing.flush();
        return sent.getFinishedSpanItems();
    }

    @Test
    void a_step_belongs_to_its_trace_and_says_what_it_was_told() {
        try (Tracing tracing = Tracing.to(sent, "router", "handoff", meters)) {
            TracedSpan handoff = tracing.begin(Operation.HANDOFF, TraceLink.parse(TRACEPARENT));
            ALL.forEach(handoff::with);
            handoff.end();
            // A purge comes long after the end of the handoff.
            handoff.child(Operation.PURGE, Instant.parse("2026-11-30T07:00:00Z"))
                    .failed()
                    .end();
            SpanData root = spans(tracing).get(0);
            SpanData purge = spans(tracing).get(1);
            assertThat(root.getName()).isEqualTo("handoff");
            assertThat(root.getParentSpanId()).isEqualTo(SpanId.getInvalid());
            assertThat(root.getTraceId()).as("a trace of its own").isNotEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(root.getLinks()).singleElement().satisfies(link -> {
                assertThat(TraceLink.to(link.getSpanContext())).contains(new TraceLink(TRACEPARENT));
                assertThat(link.getAttributes().isEmpty()).isTrue();
            });
            assertThat(root.getAttributes().asMap()).hasSize(ALL.size());
            assertThat(root.getAttributes().asMap().toString())
                    .contains(
                            "handoff.signup.id=" + SIGNUP,
                            "handoff.broker.id=fjord-markets",
                            "handoff.outcome=ERASE",
                            "handoff.event=UUID",
                            "handoff.attempt=2",
                            "http.response.status_code=503");
            assertThat(purge.getParentSpanId()).isEqualTo(root.getSpanId());
            assertThat(handoff.link()).map(TraceLink::context).hasValueSatisfying(context -> {
                assertThat(context.getTraceId()).isEqualTo(root.getTraceId());
                assertThat(context.getSpanId()).isEqualTo(root.getSpanId());
            });
            assertThat(purge.getStartEpochNanos())
                    .isEqualTo(TimeUnit.SECONDS.toNanos(
                            Instant.parse("2026-11-30T07:00:00Z").getEpochSecond()));
            assertThat(purge.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(purge.getStatus().getDescription()).isEmpty();
            assertThat(root.getResource().getAttributes().asMap().toString())
                    .contains("service.name=router", "service.namespace=handoff");
        }
        assertThat(meters.get("handoff.spans").tag("outcome", "sent").counter().count())
                .isEqualTo(2);
    }

    @Test
    void what_fails_is_marked_and_its_exception_goes_nowhere() {
        try (Tracing tracing = Tracing.to(sent, "ingest", "handoff", meters)) {
            TracedSpan signup = tracing.begin(Operation.SIGNUP);
            var failing = signup.child(Operation.HOLD)
                    .until(CompletableFuture.failedStage(new IllegalStateException("Kari Nordmann")));
            assertThat(failing.toCompletableFuture()).isCompletedExceptionally();
            var ending = signup.child(Operation.PUBLISH_CONSENT).until(CompletableFuture.completedStage("fine"));
            assertThat(ending.toCompletableFuture()).isCompletedWithValue("fine");
            List<SpanData> spans = spans(tracing);
            assertThat(spans).hasSize(2).allSatisfy(span -> {
                assertThat(span.getEvents()).isEmpty();
                assertThat(span.getAttributes().isEmpty()).isTrue();
            });
            assertThat(spans.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(spans.get(1).getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
            assertThat(spans.toString()).doesNotContain("Kari");
        }
    }

    @Test
    void without_a_collector_nothing_is_traced_and_nothing_is_linked() {
        try (Tracing tracing = Tracing.of(Optional.empty(), "ingest", "handoff", meters)) {
            TracedSpan span = tracing.begin(Operation.SIGNUP, TraceLink.parse(TRACEPARENT));
            var stage = CompletableFuture.completedStage("fine");
            assertThat(tracing.on()).isFalse();
            assertThat(span).isSameAs(TracedSpan.NONE);
            assertThat(span.child(Operation.HOLD)).isSameAs(TracedSpan.NONE);
            assertThat(span.until(stage) == stage)
                    .as("nothing is chained to it")
                    .isTrue();
            assertThat(span.link()).isEmpty();
        }
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void a_collector_that_is_away_costs_its_spans_and_nothing_else() throws IOException {
        int nothingListens;
        try (ServerSocket socket = new ServerSocket(0)) {
            nothingListens = socket.getLocalPort();
        }
        try (Tracing tracing = Tracing.of(
                Optional.of(URI.create("http://127.0.0.1:" + nothingListens)), "router", "handoff", meters)) {
            tracing.begin(Operation.HANDOFF).end();
        }
        assertThat(meters.get("handoff.spans").tag("outcome", "lost").counter().count())
                .isEqualTo(1);
    }

    @Test
    void a_broker_that_is_no_id_of_the_directory_cannot_be_said() {
        assertThatThrownBy(() -> new Attribute.Broker("Kari Nordmann")).hasMessage("not a broker's id");
    }

    @Test
    void every_kind_of_attribute_is_an_id_a_number_or_the_name_of_something_in_the_program() {
        assertThat(ALL)
                .extracting(Object::getClass)
                .containsExactlyInAnyOrder(Attribute.class.getPermittedSubclasses());
        // A text attribute would have a component of type String; the broker's id is validated.
        assertThat(Arrays.stream(Attribute.class.getPermittedSubclasses())
                        .flatMap(kind -> Arrays.stream(kind.getRecordComponents()))
                        .filter(component -> component.getType() == String.class))
                .extracting(component -> component.getDeclaringRecord())
                .isEqualTo(List.of(Attribute.Broker.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Kari Nordmann",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1"
            })
    void what_is_no_traceparent_is_no_link(String text) {
        assertThat(TraceLink.parse(text)).isEmpty();
    }

    @Test
    void the_page_has_every_span_and_every_attribute() throws IOException {
        String page = Files.readString(Path.of("../docs/tracing.md"));
        assertThat(page)
                .contains(Stream.concat(
                                Arrays.stream(Operation.values())
                                        .map(operation -> "| `" + operation.spanName() + "` |"),
                                ALL.stream().map(attribute -> "| `" + attribute.key() + "` |"))
                        .toList());
    }
}
