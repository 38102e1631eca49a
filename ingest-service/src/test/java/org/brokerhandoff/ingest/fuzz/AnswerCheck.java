package org.brokerhandoff.ingest.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether a response is documented, and reveals nothing of its request. */
public final class AnswerCheck {
    /** Their answers have what was published, word for word. */
    private static final Set<String> READ_DOCUMENTS = Set.of("getCurrentPolicy", "getPolicyText");

    private final ApiDescription description;
    private final String canary;

    public AnswerCheck(ApiDescription description, String canary) {
        this.description = description;
        this.canary = canary;
    }

    /** What is wrong with the answer to a request for {@code path} by {@code method}; empty if nothing is. */
    public List<String> faults(String method, String path, RawAnswer answer) {
        List<String> faults = new ArrayList<>();
        Optional<ApiOperation> operation = description.find(method.equals("HEAD") ? "GET" : method, path);
        boolean document = answer.status() == 200
                && operation
                        .filter(found -> READ_DOCUMENTS.contains(found.id()))
                        .isPresent();
        if (!document) {
            String whole = answer.toString().toLowerCase(Locale.ROOT);
            if (whole.contains(canary.toLowerCase(Locale.ROOT))) {
                faults.add("repeats what was sent");
            }
            // A health check may name the kind of failure, to callers with a key.
            boolean named = whole.contains("exception") && !path.startsWith("/health/");
            if (named || whole.contains("\tat ") || whole.contains(".java:")) {
                faults.add("has a stack trace or the name of an exception");
            }
        }
        if (answer.status() >= 500 && answer.status() != 503 && answer.status() != 505) {
            faults.add("is a fault of the service");
        }
        // A health response is not a refusal.
        if (answer.status() == 503
                && !path.startsWith("/health/")
                && answer.header("Retry-After").isEmpty()) {
            faults.add("does not say when to try again");
        }
        if (operation.isPresent()) {
            described(operation.get(), method.equals("HEAD"), answer, faults);
        } else {
            other(path, method.equals("HEAD"), answer, faults);
        }
        return faults;
    }

    private void described(ApiOperation operation, boolean head, RawAnswer answer, List<String> faults) {
        Optional<JsonNode> response = operation.response(answer.status());
        if (response.isEmpty()) {
            faults.add("has a status that is not described");
            return;
        }
        JsonNode content = response.get().path("content");
        if (!content.has(answer.mediaType())) {
            faults.add("has a content type that is not described: " + answer.mediaType());
        } else if (!head) {
            JsonNode schema = content.get(answer.mediaType()).path("schema");
            body(schema, answer, faults);
        }
        response.get()
                .path("headers")
                .properties()
                .forEach(header -> answer.header(header.getKey())
                        .ifPresent(value -> faults.addAll(description.faults(
                                description.resolved(header.getValue()).path("schema"),
                                typed(header.getValue(), value)))));
    }

    private JsonNode typed(JsonNode header, String value) {
        boolean number =
                description.resolved(header).at("/schema/type").asText().equals("integer");
        return number && value.matches("\\d{1,9}") ? IntNode.valueOf(Integer.parseInt(value)) : TextNode.valueOf(value);
    }

    private void body(JsonNode schema, RawAnswer answer, List<String> faults) {
        if (answer.mediaType().endsWith("json")) {
            JsonNode json = answer.json();
            faults.addAll(description.faults(schema, json));
            if (answer.mediaType().equals("application/problem+json")
                    && json.path("status").asInt() != answer.status()) {
                faults.add("says another status than it has");
            }
        }
    }

    /** No operation: path or method are unknown, or the request is malformed HTTP. */
    private void other(String path, boolean head, RawAnswer answer, List<String> faults) {
        if (answer.status() < 400) {
            faults.add("is a success of nothing that is described");
            return;
        }
        if (head && answer.body().isEmpty()) {
            return;
        }
        if (answer.mediaType().equals("application/problem+json")) {
            body(description.root().at("/components/schemas/Problem"), answer, faults);
        } else {
            faults.add("is no problem");
        }
        if (answer.status() == 405) {
            Set<String> described = description.at(path).stream()
                    .map(ApiOperation::method)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (described.contains("GET")) {
                described.add("HEAD");
            }
            if (!Set.of(answer.header("Allow").orElse("").split(", ", -1)).equals(described)) {
                faults.add("allows other methods than are described: " + answer.header("Allow"));
            }
        }
    }
}
