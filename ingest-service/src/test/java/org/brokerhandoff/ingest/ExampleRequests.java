package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.brokerhandoff.ingest.fuzz.ApiDescription;
import org.brokerhandoff.ingest.fuzz.ApiOperation;
import org.brokerhandoff.ingest.fuzz.OperationOrder;
import org.brokerhandoff.ingest.fuzz.RawAnswer;
import org.brokerhandoff.ingest.fuzz.RequestDraft;

/** The examples of the description as requests, one after another: each is adapted to what the earlier ones have created. */
final class ExampleRequests {
    private final ApiDescription description;
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /** Created by the examples: ids, a capability. */
    private final Map<String, String> made = new TreeMap<>();

    ExampleRequests(ApiDescription description) {
        this.description = description;
    }

    void forget() {
        made.clear();
    }

    boolean has(String kind) {
        return made.containsKey(kind);
    }

    List<ApiOperation> operations() {
        List<ApiOperation> all = description.operations();
        assertThat(all).extracting(ApiOperation::id).containsExactlyInAnyOrderElementsOf(OperationOrder.IDS);
        return OperationOrder.IDS.stream()
                .map(id -> all.stream()
                        .filter(operation -> operation.id().equals(id))
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    /** The description's rules in words, as in its summaries. */
    static String mainCaller(ApiOperation operation) {
        String summary = operation.node().path("summary").asText();
        if (operation.id().equals("decideDisclosureRequest")) {
            return Installation.OTHER_ADMIN;
        } else if (summary.contains("scope website")) {
            return Installation.WEBSITE;
        }
        return summary.contains("admin)") || summary.contains("scope admin") ? Installation.ADMIN : "";
    }

    static RequestDraft by(String secret, RequestDraft draft) {
        return secret.isEmpty() ? draft.without("Authorization") : draft.header("Authorization", "Bearer " + secret);
    }

    /** The description's example as a request, adapted to earlier results and this time. */
    RequestDraft of(ApiOperation operation) {
        String path = operation.path();
        String first = path.startsWith("/v1/signups") ? "signup" : path.startsWith("/v1/policies") ? "text" : "visitor";
        RequestDraft draft = new RequestDraft(
                operation.method(),
                path.replace("{id}", id(first))
                        .replace("{requestId}", id(first.equals("signup") ? "right" : "disclosure"))
                        .replace("{questionId}", id("question")));
        if (operation.parameters("query").contains("language")) {
            draft.target += "?language=nb";
        }
        if (operation.parameters("header").contains("Idempotency-Key")) {
            draft.header("Idempotency-Key", UUID.randomUUID().toString());
        }
        JsonNode body = body(operation);
        return by(mainCaller(operation), body.isMissingNode() ? draft : draft.json(body.toString()));
    }

    String id(String kind) {
        return made.getOrDefault(kind, "0199d2a4-7c31-7abc-8def-0123456789ab");
    }

    JsonNode body(ApiOperation operation) {
        List<JsonNode> examples = operation.requestExamples();
        if (examples.isEmpty()) {
            return MissingNode.getInstance();
        }
        ObjectNode body = examples.get(0).deepCopy();
        timely(body, "givenAt", now);
        timely(body, "chosenAt", now);
        timely(body, "answerBy", now.plus(Duration.ofDays(1)));
        if (body.has("signupId")) {
            body.put("signupId", id("signup"));
        }
        if (operation.id().equals("enterDisclosureRequest")) {
            // So that there is a hold to release.
            body.put("preserveUntil", now.plus(Duration.ofDays(2)).toString());
        }
        if (body.has("consent") && made.containsKey("policyVersion")) {
            ((ObjectNode) body.get("consent")).put("policyVersion", made.get("policyVersion"));
            ((ObjectNode) body.get("person")).put("language", made.get("policyLanguage"));
        }
        return body;
    }

    private static void timely(ObjectNode body, String member, Instant time) {
        body.findParents(member).forEach(parent -> ((ObjectNode) parent).put(member, time.toString()));
    }

    /** Stores what the next operations need. */
    void remember(ApiOperation operation, RawAnswer answer, Website website) {
        JsonNode json = answer.json();
        switch (operation.id()) {
            case "publishPolicy" -> keep("text", json.path("sha256"));
            case "getCurrentPolicy" -> {
                keep("policyVersion", json.path("version"));
                keep("policyLanguage", json.path("language"));
            }
            case "submitSignup" -> {
                keep("signup", json.path("signupId"));
                keep(
                        "capability",
                        website.get("/v1/signups/" + id("signup") + "/receipt")
                                .json()
                                .path("capability"));
            }
            case "chooseCookies" -> keep("visitor", json.path("visitorId"));
            case "requestRight" -> keep("right", json.path("requestId"));
            case "enterDisclosureRequest" -> keep("disclosure", json.path("requestId"));
            case "askPerson" -> keep("question", json.at("/questions/0/questionId"));
            default -> {}
        }
    }

    private void keep(String kind, JsonNode value) {
        if (value.isTextual()) {
            made.put(kind, value.asText());
        }
    }
}
