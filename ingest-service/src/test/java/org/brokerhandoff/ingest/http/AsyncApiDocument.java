package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.ReleasedSchemas;
import org.brokerhandoff.schemas.Topic;

/**
 * Generates {@code asyncapi.yaml} from the catalogue of topics and the schemas.
 *
 * @see <a href="https://www.asyncapi.com/docs/reference/specification/v3.0.0">AsyncAPI 3.0.0</a>
 * @see <a href="https://github.com/asyncapi/bindings/blob/master/kafka/README.md">Kafka bindings</a>
 */
final class AsyncApiDocument {
    private static final String KAFKA_BINDING = "0.5.0";
    private static final String AVRO = "application/vnd.apache.avro;version=1.9.0";
    private static final String UUID_PATTERN = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";
    private static final ObjectMapper JSON = new ObjectMapper();

    private AsyncApiDocument() {}

    static String yaml() throws JsonProcessingException {
        YAMLMapper yaml = new YAMLMapper(YAMLFactory.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build());
        return "# Made from the schemas by AsyncApiTest; rewrite it with -Dhandoff.docs.write=true.\n"
                + yaml.writeValueAsString(document());
    }

    private static ObjectNode document() throws JsonProcessingException {
        ObjectNode document = object();
        document.put("asyncapi", "3.0.0");
        document.set(
                "info",
                object().put("title", "Broker handoff, event log")
                        .put("version", "1")
                        .put(
                                "description",
                                "The topics of the broker handoff and the events in them. The topics consents, handoffs, places, purges and checkpoints are the event log: kept for"
                                        + " ever, without personal data, for auditors to read. An installation may have a prefix before each name. How keys, partitions, fingerprints and ids"
                                        + " of events are made is in docs/reading-the-log.md.")
                        .set("license", object().put("name", "Apache-2.0")));
        document.put("defaultContentType", CloudEventHeaders.AVRO_MEDIA_TYPE);
        ObjectNode channels = document.putObject("channels");
        ObjectNode operations = document.putObject("operations");
        ObjectNode components = document.putObject("components");
        ObjectNode messages = components.putObject("messages");
        ObjectNode schemas = components.putObject("schemas");
        for (Topic topic : Topic.values()) {
            channels.set(topic.baseName(), channel(topic));
            operations.set("publish-" + topic.baseName(), operation(topic));
            for (Class<? extends SpecificRecord> type : topic.recordTypes()) {
                Schema schema = SpecificData.get().getSchema(type);
                messages.set(schema.getName(), message(schema));
            }
        }
        for (Key key : Key.values()) {
            schemas.set(key.headers(), headers(key));
        }
        return document;
    }

    private static ObjectNode channel(Topic topic) {
        ObjectNode channel = object().put("address", topic.baseName()).put("description", stays(topic));
        ObjectNode messages = channel.putObject("messages");
        topic.recordTypes()
                .forEach(type ->
                        messages.set(type.getSimpleName(), reference("#/components/messages/" + type.getSimpleName())));
        var configuration = topic.configuration(Duration.ofHours(24), 3);
        ObjectNode kafka = object();
        ArrayNode cleanup = JsonNodeFactory.instance.arrayNode().add(configuration.get("cleanup.policy"));
        ObjectNode topicConfiguration = kafka.putObject("topicConfiguration");
        topicConfiguration.set("cleanup.policy", cleanup);
        topicConfiguration.put("retention.ms", Long.parseLong(configuration.get("retention.ms")));
        topicConfiguration.put("retention.bytes", Long.parseLong(configuration.get("retention.bytes")));
        kafka.put("bindingVersion", KAFKA_BINDING);
        channel.set("bindings", object().set("kafka", kafka));
        return channel;
    }

    private static String stays(Topic topic) {
        if (topic.kept()) {
            return "Kept for ever, never compacted or cut; no personal data.";
        }
        return topic.inLog()
                ? "Sealed personal data: cut continuously, and at most as long as HANDOFF_MAX_HOLD, here its default of 24 hours."
                : "Published texts, kept for ever.";
    }

    private static ObjectNode operation(Topic topic) {
        ObjectNode operation =
                object().put("action", "send").put("summary", "What the services publish to " + topic.baseName() + ".");
        operation.set("channel", reference("#/channels/" + topic.baseName()));
        ArrayNode messages = operation.putArray("messages");
        topic.recordTypes()
                .forEach(type -> messages.add(
                        reference("#/channels/" + topic.baseName() + "/messages/" + type.getSimpleName())));
        return operation;
    }

    private static ObjectNode message(Schema schema) throws JsonProcessingException {
        Key key = Key.of(schema);
        ObjectNode message = object().put("name", schema.getFullName())
                .put("title", schema.getName())
                .put("summary", schema.getDoc())
                .put("contentType", CloudEventHeaders.AVRO_MEDIA_TYPE)
                .put(
                        "description",
                        "Avro single-object encoding. The newest schema is "
                                + ReleasedSchemas.urn(schema.getName(), EventCodec.fingerprint(schema)) + ".");
        message.set("headers", reference("#/components/schemas/" + key.headers()));
        ObjectNode payload = message.putObject("payload");
        payload.put("schemaFormat", AVRO);
        payload.set("schema", JSON.readTree(schema.toString()));
        ObjectNode kafka = object();
        kafka.set("key", object().put("type", "string").put("description", key.description));
        kafka.put("bindingVersion", KAFKA_BINDING);
        message.set("bindings", object().set("kafka", kafka));
        return message;
    }

    private static ObjectNode headers(Key key) {
        ObjectNode headers = object().put("type", "object");
        ArrayNode required = headers.putArray("required");
        ObjectNode properties = headers.putObject("properties");
        header(properties, required, CloudEventHeaders.SPECVERSION, "1.0, the version of CloudEvents.")
                .put("const", "1.0");
        header(
                properties,
                required,
                CloudEventHeaders.ID,
                "Id of the event: the same fact published again has the same id.");
        header(properties, required, CloudEventHeaders.SOURCE, "/INSTALLATION/SERVICE, such as /handoff/router.");
        header(properties, required, CloudEventHeaders.TYPE, "Full name of the record type.")
                .put("pattern", "^org\\.brokerhandoff\\.event\\.[A-Za-z]+$");
        header(properties, required, CloudEventHeaders.TIME, "When it was published.")
                .put("format", "date-time");
        header(properties, required, CloudEventHeaders.DATASCHEMA, "Name of the released schema.")
                .put("pattern", "^urn:broker-handoff:schema:[A-Za-z]+\\.[0-9a-f]{16}$");
        header(properties, required, CloudEventHeaders.CONTENT_TYPE, "Media type of the value.")
                .put("const", CloudEventHeaders.AVRO_MEDIA_TYPE);
        if (key != Key.EVENT) {
            ObjectNode subject = header(properties, required, CloudEventHeaders.SUBJECT, key.description);
            if (key == Key.SIGNUP || key == Key.VISITOR) {
                subject.put("pattern", UUID_PATTERN);
            }
        }
        headers.put("additionalProperties", false);
        return headers;
    }

    private static ObjectNode header(ObjectNode properties, ArrayNode required, String name, String description) {
        required.add(name);
        return properties.putObject(name).put("type", "string").put("description", description);
    }

    private static ObjectNode reference(String pointer) {
        return object().put("$ref", pointer);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The key of an event's record. */
    enum Key {
        SIGNUP("The signup's id: 16 bytes, big-endian."),
        VISITOR("The visitor's id: 16 bytes, big-endian."),
        BROKER("The broker's id, UTF-8."),
        LEDGER("The ledger's origin, UTF-8."),
        EVENT("The event's own id, ce_id, UTF-8.");

        private final String description;

        Key(String description) {
            this.description = description;
        }

        private String headers() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT) + "Headers";
        }

        static Key of(Schema schema) {
            Topic topic = Arrays.stream(Topic.values())
                    .filter(each -> each.recordTypes().stream()
                            .anyMatch(type -> type.getSimpleName().equals(schema.getName())))
                    .findFirst()
                    .orElseThrow();
            if (topic == Topic.PLACES) {
                return BROKER;
            } else if (topic == Topic.CHECKPOINTS) {
                return LEDGER;
            } else if (schema.getField("signupId") != null) {
                return SIGNUP;
            }
            return schema.getField("visitorId") != null ? VISITOR : EVENT;
        }
    }
}
