package org.brokerhandoff.ingest.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@code openapi.yaml}: its operations, and validation of values against its schemas. */
public final class ApiDescription {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    private final JsonNode root;
    private final List<ApiOperation> operations;
    private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();

    private ApiDescription(JsonNode root) {
        this.root = root;
        this.operations = new ArrayList<>();
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.add(
                                ApiOperation.of(this, method.getKey(), path.getKey(), method.getValue()))));
    }

    /** The one that ingest serves. */
    public static ApiDescription ofIngest() {
        try (InputStream yaml =
                ApiDescription.class.getResourceAsStream("/org/brokerhandoff/ingest/http/openapi.yaml")) {
            return new ApiDescription(new YAMLMapper().readTree(Objects.requireNonNull(yaml, "openapi.yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The faults of the document itself, by the schema of the OpenAPI Initiative. */
    public List<String> faultsByOpenApi() throws IOException {
        // One copy for all tests.
        Path published = Path.of("..", "sandbox-broker", "src", "test", "resources", "openapi-3.1-schema.json");
        return texts(
                SCHEMAS.getSchema(JSON.readTree(Files.readString(published))).validate(root));
    }

    public JsonNode root() {
        return root;
    }

    public List<ApiOperation> operations() {
        return List.copyOf(operations);
    }

    /** The operation for {@code path}; a path without parameters takes precedence over one with some. */
    public Optional<ApiOperation> find(String method, String path) {
        List<ApiOperation> matching = at(path).stream()
                .filter(operation -> operation.method().equals(method))
                .toList();
        return matching.stream()
                .filter(operation -> operation.path().equals(path))
                .findFirst()
                .or(() -> matching.stream().findFirst());
    }

    /** The operations of a path, with any method. */
    public List<ApiOperation> at(String path) {
        return operations.stream().filter(operation -> operation.matches(path)).toList();
    }

    /** What {@code node} refers to, or itself. */
    public JsonNode resolved(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isTextual() ? resolved(root.at(reference.asText().substring(1))) : node;
    }

    /** How {@code value} differs from {@code schema}; unknown members are reported, too. */
    public List<String> faults(JsonNode schema, JsonNode value) {
        List<String> faults = new ArrayList<>(
                texts(compiled.computeIfAbsent(schema, this::compile).validate(value)));
        undescribed(schema, value, "", faults);
        return faults;
    }

    private Schema compile(JsonNode schema) {
        // The schemas refer to each other as parts of the document.
        ObjectNode whole = JSON.createObjectNode();
        whole.putArray("allOf").add(schema);
        whole.set("components", root.get("components"));
        return SCHEMAS.getSchema(whole);
    }

    private void undescribed(JsonNode schema, JsonNode value, String place, List<String> faults) {
        if (value.isArray()) {
            JsonNode items = first(schema, "items");
            value.forEach(item -> undescribed(items, item, place + "/*", faults));
        } else if (value.isObject() && first(schema, "properties").isObject()) {
            value.properties().forEach(member -> {
                JsonNode known = member(schema, member.getKey());
                if (known.isMissingNode()) {
                    faults.add(place + "/" + member.getKey() + " is not described");
                } else {
                    undescribed(known, member.getValue(), place + "/" + member.getKey(), faults);
                }
            });
        }
    }

    /** The schema of a member of an object, or missing. */
    public JsonNode member(JsonNode schema, String name) {
        for (JsonNode part : parts(schema)) {
            if (part.path("properties").has(name)) {
                return part.path("properties").get(name);
            } else if (part.path("additionalProperties").isObject()) {
                return part.path("additionalProperties");
            }
        }
        return MissingNode.getInstance();
    }

    /** A keyword of a schema, wherever its parts have it, or missing. */
    public JsonNode first(JsonNode schema, String keyword) {
        return parts(schema).stream()
                .filter(part -> part.has(keyword))
                .findFirst()
                .map(part -> part.get(keyword))
                .orElse(MissingNode.getInstance());
    }

    private List<JsonNode> parts(JsonNode schema) {
        List<JsonNode> parts = new ArrayList<>();
        parts.add(schema);
        if (schema.has("$ref")) {
            parts.addAll(parts(root.at(schema.get("$ref").asText().substring(1))));
        }
        schema.path("allOf").forEach(part -> parts.addAll(parts(part)));
        return parts;
    }

    private static List<String> texts(List<com.networknt.schema.Error> errors) {
        return errors.stream().map(Object::toString).toList();
    }
}
