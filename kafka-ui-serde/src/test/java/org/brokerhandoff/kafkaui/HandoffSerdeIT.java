package org.brokerhandoff.kafkaui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kafbat.ui.serde.api.DeserializeResult;
import io.kafbat.ui.serde.api.PropertyResolver;
import io.kafbat.ui.serde.api.RecordHeaders;
import io.kafbat.ui.serde.api.Serde;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as Kafka UI loads it, on records of a real Kafka. */
class HandoffSerdeIT {
    private static final Path JAR = Path.of("target", "kafka-ui-serde-1.0.0.jar");
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00Z");
    private static final UUID SIGNUP = UUID.fromString("0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");

    private final TestKafka kafka = TestKafka.shared();
    private final String prefix = kafka.randomTopicPrefix();
    private final KafkaClients clients = new KafkaClients(
            new EventLogSettings(kafka.bootstrapServers(), Map.of(), prefix, 1, 1, Duration.ofHours(24)));

    @Test
    void the_jar_alone_shows_events_as_json_and_what_is_sealed_as_sealed() throws Exception {
        byte[] ciphertext = "what only a router can open".getBytes(StandardCharsets.UTF_8);
        try (Admin admin = clients.admin("test");
                EventPublisher publisher =
                        new EventPublisher(clients, new EventCodec(), "/router", InstantSource.system());
                ChildFirst loader =
                        new ChildFirst(JAR.toUri().toURL(), getClass().getClassLoader());
                Serde serde = (Serde) loader.loadClass(HandoffSerde.class.getName())
                        .getDeclaredConstructor()
                        .newInstance()) {
            assertThat(serde.getClass().getClassLoader()).isSameAs(loader);
            serde.configure(properties(prefix), properties("ignored"), properties("ignored"));
            admin.createTopics(List.of(topic(Topic.HANDOFFS), topic(Topic.PLACES), topic(Topic.SIGNUPS)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            publisher
                    .publish(
                            Topic.HANDOFFS,
                            SIGNUP,
                            new Delivered(SignupIds.fixed(SIGNUP), "fjord-markets", 1, AT, AT, false, 200))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            publisher
                    .publishOf(
                            Topic.PLACES,
                            "fjord-markets",
                            new PlaceReleased(SignupIds.fixed(SIGNUP), "fjord-markets", AT, AT))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            publisher
                    .publish(Topic.SIGNUPS, SIGNUP, Sealed.signup(SIGNUP, AT, ciphertext))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);

            JsonNode delivered = shown(serde, Topic.HANDOFFS);
            assertThat(delivered.path("key").asText()).isEqualTo(SIGNUP.toString());
            assertThat(delivered.at("/value/type").asText()).isEqualTo("org.brokerhandoff.event.Delivered");
            assertThat(delivered.at("/value/data/broker").asText()).isEqualTo("fjord-markets");
            assertThat(delivered.at("/value/data/signupId").asText()).isEqualTo(SIGNUP.toString());
            assertThat(shown(serde, Topic.PLACES).path("key").asText()).isEqualTo("fjord-markets");
            JsonNode sealed = shown(serde, Topic.SIGNUPS);
            assertThat(sealed.at("/value/data/sealedPerson").asText())
                    .isEqualTo("sealed, " + ciphertext.length + " bytes");
            assertThat(serde.canDeserialize("another", Serde.Target.VALUE)).isFalse();
            assertThat(serde.canSerialize(Topic.HANDOFFS.name(prefix), Serde.Target.VALUE))
                    .isFalse();
        }
    }

    static List<Class<? extends SpecificRecord>> types() {
        return Arrays.stream(Topic.values())
                .flatMap(topic -> topic.recordTypes().stream())
                .distinct()
                .toList();
    }

    /**
     * Each type of event, with contents that no service would write: the isolated jar has its class and its schema, so it says what is wrong with
     * the text and does not quote it. With the loader as the thread's, as Kafka UI calls a serde, and without.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_jar_alone_knows_every_type_of_event_and_quotes_no_text_that_is_of_the_wrong_kind(boolean asTheThreads)
            throws Exception {
        try (Admin admin = clients.admin("test");
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer = clients.rangeConsumer("test");
                ChildFirst loader =
                        new ChildFirst(JAR.toUri().toURL(), getClass().getClassLoader());
                Serde serde = (Serde) loader.loadClass(HandoffSerde.class.getName())
                        .getDeclaredConstructor()
                        .newInstance()) {
            ClassLoader called = asTheThreads ? loader : ClassLoader.getPlatformClassLoader();
            serde.configure(properties(prefix), properties("ignored"), properties("ignored"));
            admin.createTopics(Arrays.stream(Topic.values()).map(this::topic).toList())
                    .all()
                    .get(30, TimeUnit.SECONDS);
            for (Class<? extends SpecificRecord> type : types()) {
                Topic topic = Arrays.stream(Topic.values())
                        .filter(each -> each.recordTypes().contains(type))
                        .findFirst()
                        .orElseThrow();
                Schema schema = SpecificData.get().getSchema(type);
                GenericRecord random =
                        (GenericRecord) new RandomData(schema, 1, 7).iterator().next();
                ByteBuffer bytes = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema).encode(random);
                byte[] value = new byte[bytes.remaining()];
                bytes.get(value);
                long offset = producer.send(new ProducerRecord<>(topic.name(prefix), 0, null, value))
                        .get(30, TimeUnit.SECONDS)
                        .offset();
                ConsumerRecord<byte[], byte[]> record = at(consumer, topic.name(prefix), offset);
                String shown = shown(called, serde, topic, record.value());
                assertThat(shown)
                        .as(type.getSimpleName())
                        .doesNotContain("is not known", "is not an event", "cannot be shown", "may not stand");
                JsonNode json = new ObjectMapper().readTree(shown);
                if (json.has("unreadable")) {
                    texts(random)
                            .forEach(text ->
                                    assertThat(shown).as(type.getSimpleName()).doesNotContain(text));
                } else {
                    assertThat(json.path("type").asText()).isEqualTo(type.getName());
                }
                byte[] cut = Arrays.copyOf(value, 10 + (value.length - 10) / 2);
                String damaged = shown(called, serde, topic, cut);
                assertThat(new ObjectMapper().readTree(damaged).has("unreadable"))
                        .as(type.getSimpleName() + ": " + damaged)
                        .isTrue();
            }
        }
    }

    private String shown(ClassLoader called, Serde serde, Topic topic, byte[] value) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(called);
        try {
            return serde.deserializer(topic.name(prefix), Serde.Target.VALUE)
                    .deserialize(Collections::emptyIterator, value)
                    .getResult();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Texts of some length: a short one stands in any sentence. */
    private static List<String> texts(GenericRecord record) {
        return record.getSchema().getFields().stream()
                .map(field -> record.get(field.pos()))
                .filter(CharSequence.class::isInstance)
                .map(Object::toString)
                .filter(text -> text.length() > 6)
                .toList();
    }

    private NewTopic topic(Topic topic) {
        return new NewTopic(topic.name(prefix), 1, (short) 1);
    }

    private JsonNode shown(Serde serde, Topic topic) throws Exception {
        String name = topic.name(prefix);
        assertThat(serde.canDeserialize(name, Serde.Target.KEY)).isTrue();
        assertThat(serde.canDeserialize(name, Serde.Target.VALUE)).isTrue();
        ConsumerRecord<byte[], byte[]> record = first(name);
        RecordHeaders none = Collections::emptyIterator;
        DeserializeResult value = serde.deserializer(name, Serde.Target.VALUE).deserialize(none, record.value());
        assertThat(value.getType()).isEqualTo(DeserializeResult.Type.JSON);
        ObjectMapper json = new ObjectMapper();
        return json.createObjectNode()
                .put(
                        "key",
                        serde.deserializer(name, Serde.Target.KEY)
                                .deserialize(none, record.key())
                                .getResult())
                .set("value", json.readTree(value.getResult()));
    }

    private ConsumerRecord<byte[], byte[]> first(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = clients.rangeConsumer("test")) {
            return at(consumer, topic, 0);
        }
    }

    private static ConsumerRecord<byte[], byte[]> at(
            KafkaConsumer<byte[], byte[]> consumer, String topic, long offset) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        while (true) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                return record;
            }
        }
    }

    private static PropertyResolver properties(String topicPrefix) {
        return new PropertyResolver() {
            @Override
            public <T> Optional<T> getProperty(String key, Class<T> type) {
                return key.equals("topicPrefix") ? Optional.of(type.cast(topicPrefix)) : Optional.empty();
            }

            @Override
            public <T> Optional<List<T>> getListProperty(String key, Class<T> type) {
                return Optional.empty();
            }

            @Override
            public <K, V> Optional<Map<K, V>> getMapProperty(String key, Class<K> keys, Class<V> values) {
                return Optional.empty();
            }
        };
    }
}
