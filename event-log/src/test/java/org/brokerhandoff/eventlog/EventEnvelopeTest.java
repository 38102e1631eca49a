package org.brokerhandoff.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventEnvelopeTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00.123Z");
    private static final UUID SIGNUP = new UUID(7, 9);
    private static final EventCodec CODEC = new EventCodec();
    /** Nothing is sent before the event has been validated. */
    private static final EventLogSettings NOWHERE =
            new EventLogSettings("127.0.0.1:1", Map.of(), "", 3, 1, Duration.ofHours(1));

    private static SpecificRecord withdrawn() {
        return new ConsentWithdrawn(
                SignupIds.fixed(SIGNUP),
                NOW,
                WithdrawalMethod.WEBSITE_REQUEST,
                WithdrawalOutcome.ERASED_BEFORE_HANDOFF,
                null,
                null);
    }

    private static List<Leaf.Header> headers() {
        return EventEnvelope.headers(withdrawn(), "handoff", "/ingest", NOW);
    }

    private static List<String> foreign(List<Leaf.Header> headers) {
        return EventEnvelope.foreign(headers, withdrawn(), CODEC.encode(withdrawn()));
    }

    private static List<Leaf.Header> with(String name, String value) {
        List<Leaf.Header> headers = new ArrayList<>(headers());
        headers.removeIf(header -> header.name().equals(name));
        headers.add(new Leaf.Header(name, Optional.of(value.getBytes(StandardCharsets.UTF_8))));
        return headers;
    }

    private static SpecificRecord released() {
        return new PlaceReleased(SignupIds.fixed(SIGNUP), "fjord-markets", NOW, NOW);
    }

    @Test
    void what_is_written_is_not_foreign() {
        List<Leaf.Header> headers = headers();
        assertThat(foreign(headers)).isEmpty();
        assertThat(EventEnvelope.header(headers, CloudEventHeaders.ID)).hasValue(SIGNUP + "/withdrawn");
        assertThat(EventEnvelope.header(headers, CloudEventHeaders.SOURCE)).hasValue("/handoff/ingest");
        assertThat(EventEnvelope.header(headers, CloudEventHeaders.SUBJECT)).hasValue(SIGNUP.toString());
        assertThat(EventEnvelope.header(headers, CloudEventHeaders.DATASCHEMA))
                .hasValue(String.format(
                        "urn:broker-handoff:schema:ConsentWithdrawn.%016x",
                        EventCodec.fingerprint(ConsentWithdrawn.getClassSchema())));
    }

    @Test
    void what_was_written_before_installations_had_names_is_not_foreign() {
        List<Leaf.Header> before = new ArrayList<>(with(CloudEventHeaders.SOURCE, "/ingest"));
        before.removeIf(header ->
                Set.of(CloudEventHeaders.SUBJECT, CloudEventHeaders.DATASCHEMA).contains(header.name()));
        assertThat(foreign(before)).isEmpty();
        assertThat(foreign(with(CloudEventHeaders.SOURCE, "/ingest")))
                .containsExactly("2 headers have names that no event has");
    }

    @Test
    void of_the_new_headers_none_is_missing_where_an_installation_is_named() {
        List<Leaf.Header> headers = new ArrayList<>(headers());
        headers.removeIf(header -> header.name().equals(CloudEventHeaders.SUBJECT));
        assertThat(foreign(headers)).containsExactly("there is no header ce_subject");
    }

    @ParameterizedTest
    @CsvSource({
        "ce_subject, kari@example.no",
        "ce_subject, 00000000-0000-0007-0000-00000000000A",
        "ce_dataschema, urn:broker-handoff:schema:ConsentWithdrawn.0000000000000000",
        "ce_dataschema, https://kari.example.no/",
        "ce_source, /ingest/kari/nordmann",
        "ce_source, /kari@example.no/ingest",
        "ce_source, /a4790123456/ingest",
    })
    void a_header_has_the_one_value_that_follows_from_the_event(String name, String value) {
        assertThat(foreign(with(name, value))).contains("the header " + name + " has the wrong value");
    }

    @Test
    void an_event_that_is_keyed_by_its_own_id_has_no_subject_and_a_place_has_its_broker() {
        SpecificRecord marker = new SegmentMarker(NOW);
        assertThat(EventEnvelope.subject(marker)).isEmpty();
        List<Leaf.Header> headers = new ArrayList<>(EventEnvelope.headers(marker, "handoff", "/router", NOW));
        assertThat(EventEnvelope.foreign(headers, marker, CODEC.encode(marker))).isEmpty();
        headers.add(new Leaf.Header(CloudEventHeaders.SUBJECT, Optional.of("kari".getBytes(StandardCharsets.UTF_8))));
        assertThat(EventEnvelope.foreign(headers, marker, CODEC.encode(marker)))
                .containsExactly("1 header has a name that no event has");
        assertThat(EventEnvelope.subject(released())).hasValue("fjord-markets");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Handoff", "kari@example.no", "a4790123456", "kari nordmann", "-a", "a--b"})
    void an_installation_has_a_name_that_cannot_be_a_persons_address(String installation) {
        EventLogSettings settings =
                new EventLogSettings("127.0.0.1:1", Map.of(), "", 3, 1, Duration.ofHours(1), installation);
        assertThatThrownBy(
                        () -> new EventPublisher(new KafkaClients(settings), CODEC, "/ingest", InstantSource.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not an installation's name");
    }

    @Test
    void a_value_that_is_no_text_is_foreign() {
        List<Leaf.Header> headers = new ArrayList<>(headers());
        headers.removeIf(header -> header.name().equals(CloudEventHeaders.SOURCE));
        headers.add(new Leaf.Header(CloudEventHeaders.SOURCE, Optional.of(new byte[] {'/', 'a', (byte) 0xFF})));
        assertThat(foreign(headers)).containsExactly("the header ce_source has the wrong value");
    }

    @Test
    void several_headers_that_no_event_has_are_counted_and_not_named() {
        List<Leaf.Header> headers = new ArrayList<>(headers());
        headers.add(new Leaf.Header("kari", Optional.empty()));
        headers.add(new Leaf.Header("nordmann", Optional.empty()));
        assertThat(foreign(headers)).containsExactly("2 headers have names that no event has");
    }

    @Test
    void the_key_follows_from_the_event() {
        assertThat(EventEnvelope.key(withdrawn())).isEqualTo(SignupIds.bytes(SIGNUP));
        assertThat(EventEnvelope.key(released())).isEqualTo("fjord-markets".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "ingest", "/Ingest", "/ingest/kari", "/kari@example.no", "/90123456", "/a-b-c-d"})
    void a_source_is_a_services_name(String source) {
        assertThatThrownBy(() -> new EventPublisher(new KafkaClients(NOWHERE), CODEC, source, InstantSource.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a service's name");
    }

    @Test
    void nothing_else_than_an_event_under_its_key_is_published_to_a_kept_topic() {
        try (EventPublisher publisher =
                EventPublisher.neverBlocking(new KafkaClients(NOWHERE), CODEC, "/test", InstantSource.system())) {
            assertThatThrownBy(() -> publisher.publish(Topic.CONSENTS, new UUID(1, 1), withdrawn()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> publisher.publishOf(Topic.PLACES, "kari-nordmann", released()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("kari");
            assertThatThrownBy(() -> publisher.publishTo(Topic.CONSENTS, 0, withdrawn()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> publisher.publish(Topic.PURGES, SIGNUP, withdrawn()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("ConsentWithdrawn may not stand in PURGES, or not under this key");
            // With its own key it is not refused; it fails for lack of Kafka.
            assertThat(publisher.publish(Topic.CONSENTS, SIGNUP, withdrawn()).toCompletableFuture())
                    .isCompletedExceptionally();
        }
    }
}
