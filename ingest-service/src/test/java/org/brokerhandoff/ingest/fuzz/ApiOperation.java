package org.brokerhandoff.ingest.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One operation of a description.
 *
 * @param method in capitals
 * @param path with its parameters' names in braces
 * @param node what the description says of it
 */
public record ApiOperation(ApiDescription description, String method, String path, JsonNode node) {
    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");

    static ApiOperation of(ApiDescription description, String method, String path, JsonNode node) {
        return new ApiOperation(description, method.toUpperCase(Locale.ROOT), path, node);
    }

    public String id() {
        return node.path("operationId").asText();
    }

    /** Whether a request for {@code requested} is for this path. */
    public boolean matches(String requested) {
        return Pattern.matches(PARAMETER.matcher(path).replaceAll("[^/]+"), requested);
    }

    /** The names of the parameters in {@code place}: path, query or header. */
    public List<String> parameters(String place) {
        List<String> names = new ArrayList<>();
        node.path("parameters").forEach(parameter -> {
            JsonNode resolved = description.resolved(parameter);
            if (resolved.path("in").asText().equals(place)) {
                names.add(resolved.path("name").asText());
            }
        });
        return names;
    }

    /** Whether a caller who presents {@code scheme}, or nothing (empty), gets beyond 401. */
    public boolean admits(String scheme) {
        JsonNode security =
                node.has("security") ? node.get("security") : description.root().path("security");
        if (security.isEmpty()) {
            return true;
        }
        for (JsonNode alternative : security) {
            if (alternative.isEmpty() || alternative.has(scheme)) {
                return true;
            }
        }
        return false;
    }

    /** The schema of the request's body, or missing. */
    public JsonNode requestSchema() {
        return node.at("/requestBody/content/application~1json/schema");
    }

    public List<JsonNode> requestExamples() {
        return examples(node.at("/requestBody/content/application~1json"));
    }

    /** The examples of a kind of content. */
    static List<JsonNode> examples(JsonNode content) {
        List<JsonNode> values = new ArrayList<>();
        content.path("examples").forEach(example -> values.add(example.path("value")));
        return values;
    }

    /** The description of responses with {@code status}: a specific one, otherwise the default; empty if there is none. */
    public Optional<JsonNode> response(int status) {
        JsonNode responses = node.path("responses");
        JsonNode found = responses.path(Integer.toString(status));
        if (found.isMissingNode()) {
            found = responses.path("default");
        }
        return Optional.of(description.resolved(found)).filter(JsonNode::isObject);
    }

    /** The schema of a body of {@code mediaType} in {@code response}, or missing. */
    static JsonNode schema(JsonNode response, String mediaType) {
        JsonNode content = response.path("content").path(mediaType);
        return content.isMissingNode() ? MissingNode.getInstance() : content.path("schema");
    }

    /** The documented statuses of success. */
    public List<Integer> successes() {
        List<Integer> statuses = new ArrayList<>();
        node.path("responses").fieldNames().forEachRemaining(name -> {
            if (name.startsWith("2")) {
                statuses.add(Integer.valueOf(name));
            }
        });
        return statuses;
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
