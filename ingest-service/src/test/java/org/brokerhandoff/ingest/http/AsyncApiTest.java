package org.brokerhandoff.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

/**
 * {@code asyncapi.yaml}: up to date with the schemas, and valid by the schema of the AsyncAPI Initiative (Apache License 2.0).
 *
 * @see <a href="https://github.com/asyncapi/spec-json-schemas">The schema's source</a>
 */
class AsyncApiTest {
    private static final Path FILE = Path.of("src/main/resources/org/brokerhandoff/ingest/http/asyncapi.yaml");

    private static JsonNode document() throws IOException {
        return new YAMLMapper().readTree(Routes.asyncApi());
    }

    @Test
    void the_document_is_what_the_schemas_say() throws IOException {
        if (Boolean.getBoolean("handoff.docs.write")) {
            Files.writeString(FILE, AsyncApiDocument.yaml());
        }
        assertThat(FILE).content().isEqualTo(AsyncApiDocument.yaml());
    }

    @Test
    void it_is_valid_by_the_schema_that_the_asyncapi_initiative_publishes() throws IOException {
        JsonNode published = new ObjectMapper()
                .readTree(Objects.requireNonNull(AsyncApiTest.class.getResourceAsStream("/asyncapi-3.0-schema.json")));
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                        .getSchema(published)
                        .validate(document()))
                .isEmpty();
    }

    @Test
    void it_has_every_topic_and_every_event_and_each_schema_is_avro_of_that_fingerprint() throws IOException {
        JsonNode document = document();
        List<String> topics = Arrays.stream(Topic.values()).map(Topic::baseName).toList();
        assertThat(document.path("channels").fieldNames()).toIterable().containsExactlyElementsOf(topics);
        TreeSet<String> events = new TreeSet<>();
        for (Topic topic : Topic.values()) {
            List<String> types =
                    topic.recordTypes().stream().map(Class::getSimpleName).toList();
            assertThat(document.path("channels")
                            .path(topic.baseName())
                            .path("messages")
                            .fieldNames())
                    .toIterable()
                    .containsExactlyElementsOf(types);
            events.addAll(types);
            topic.recordTypes().forEach(type -> {
                JsonNode payload = document.path("components")
                        .path("messages")
                        .path(type.getSimpleName())
                        .path("payload");
                assertThat(EventCodec.fingerprint(
                                new Schema.Parser().parse(payload.path("schema").toString())))
                        .isEqualTo(EventCodec.fingerprint(SpecificData.get().getSchema(type)));
            });
        }
        assertThat(document.path("components").path("messages").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(events);
    }

    @Test
    void its_references_lead_somewhere() throws IOException {
        JsonNode document = document();
        List<String> references = new ArrayList<>();
        document.findValues("$ref").forEach(reference -> references.add(reference.asText()));
        assertThat(references)
                .hasSizeGreaterThan(Topic.values().length)
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }
}
