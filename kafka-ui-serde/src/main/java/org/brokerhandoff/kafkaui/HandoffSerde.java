package org.brokerhandoff.kafkaui;

import io.kafbat.ui.serde.api.DeserializeResult;
import io.kafbat.ui.serde.api.PropertyResolver;
import io.kafbat.ui.serde.api.SchemaDescription;
import io.kafbat.ui.serde.api.Serde;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/**
 * Shows the events of this system in kafbat's Kafka UI: values as JSON, keys as ids. It writes nothing. Its one property is
 * {@code topicPrefix}, the installation's {@code HANDOFF_TOPIC_PREFIX}. The user interface makes it by its name, so the name stays.
 *
 * @see <a href="https://github.com/kafbat/kafka-ui">Kafka UI</a>
 */
public final class HandoffSerde implements Serde {
    private static final String TOPIC_PREFIX = "topicPrefix";

    private final ShownRecords records = new ShownRecords(new EventCodec());
    private String prefix = "";

    /** For the user interface, which calls {@link #configure} next. */
    public HandoffSerde() {}

    @Override
    public void configure(PropertyResolver serde, PropertyResolver cluster, PropertyResolver global) {
        prefix = serde.getProperty(TOPIC_PREFIX, String.class).orElse("");
    }

    @Override
    public Optional<String> getDescription() {
        return Optional.of("Events of the broker handoff; sealed data is shown as sealed");
    }

    /** None: a topic holds events of several schemas. */
    @Override
    public Optional<SchemaDescription> getSchema(String topic, Target target) {
        return Optional.empty();
    }

    @Override
    public boolean canDeserialize(String topic, Target target) {
        return topic(topic).isPresent();
    }

    @Override
    public boolean canSerialize(String topic, Target target) {
        return false;
    }

    @Override
    public Serializer serializer(String topic, Target target) {
        throw new UnsupportedOperationException("events are written by the services alone");
    }

    @Override
    public Deserializer deserializer(String name, Target target) {
        Topic topic = topic(name).orElseThrow(() -> new IllegalArgumentException("not a topic of the broker handoff"));
        return target == Target.KEY
                ? (headers, key) -> new DeserializeResult(records.key(key), DeserializeResult.Type.STRING, Map.of())
                : (headers, value) ->
                        new DeserializeResult(records.value(topic, value), DeserializeResult.Type.JSON, Map.of());
    }

    private Optional<Topic> topic(String name) {
        return Arrays.stream(Topic.values())
                .filter(topic -> topic.name(prefix).equals(name))
                .findFirst();
    }
}
