package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.ingest.accept.WireNames;
import org.brokerhandoff.ingest.status.DisclosureCase;
import org.brokerhandoff.register.Disclosure;
import org.brokerhandoff.register.SignupStatus;

/** The JSON forms of requests for disclosure and of their questions. */
final class DisclosureJson {
    private DisclosureJson() {}

    /** A request, with the status of its signup. */
    static ObjectNode whole(DisclosureCase found, Instant now) {
        ObjectNode json = request(found.request(), now);
        found.signup().ifPresent(signup -> holding(json.putObject("holding"), signup));
        return json;
    }

    static ObjectNode request(Disclosure request, Instant now) {
        Disclosure.Entered entered = request.entered();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("requestId", request.requestId().toString())
                .put("signupId", request.signupId().toString())
                .put("state", state(request, now))
                .put("requestedAt", entered.at().toString());
        asked(json, entered);
        json.put("preservation", entered.preservation()).put("enteredBy", entered.actor());
        entered.preserveUntil().ifPresent(until -> json.put("preserveUntil", until.toString()));
        entered.sealedAs().ifPresent(message -> json.putObject("contact").put("messageId", message.toString()));
        ArrayNode questions = json.putArray("questions");
        request.questions()
                .forEach(question -> questions.add(times(request, question, now).put("askedBy", question.actor())));
        request.decision().ifPresent(decision -> {
            ObjectNode node = json.putObject("decision")
                    .put("decision", WireNames.of(decision.decision()))
                    .put("ground", WireNames.of(decision.ground()))
                    .put("decidedAt", decision.at().toString())
                    .put("decidedBy", decision.actor());
            decision.preservedUntil().ifPresent(until -> node.put("preservedUntil", until.toString()));
        });
        request.release()
                .ifPresent(release -> json.putObject("release")
                        .put("releasedAt", release.at().toString())
                        .put("releasedBy", release.actor()));
        String self = "/v1/disclosure-requests/" + request.requestId();
        json.putObject("links")
                .put("self", self)
                .put("question", self + "/question")
                .put("decision", self + "/decision")
                .put("release", self + "/release");
        return json;
    }

    private static String state(Disclosure request, Instant now) {
        if (request.decision().isPresent()) {
            return WireNames.of(request.decision().get().decision());
        } else if (request.questions().isEmpty()) {
            return "open";
        }
        return request.questions().stream().anyMatch(question -> "open".equals(state(request, question, now)))
                ? "asked"
                : "answered";
    }

    private static void asked(ObjectNode json, Disclosure.Entered entered) {
        json.put("requester", WireNames.of(entered.requester()))
                .put("country", entered.country())
                .put("basis", WireNames.of(entered.basis()));
        ArrayNode scope = json.putArray("scope");
        entered.scope().forEach(part -> scope.add(WireNames.of(part)));
    }

    /** What was promised, and whether a granted order has changed it. */
    private static void holding(ObjectNode json, SignupStatus signup) {
        json.put("status", signup.state().name())
                .put("eraseBy", signup.eraseBy().toString())
                .put("extended", signup.preservedUntil().isPresent());
        signup.preservedUntil().ifPresent(until -> json.put("preservedUntil", until.toString()));
        signup.broker().ifPresent(broker -> json.put("broker", broker.id()));
        signup.purge()
                .ifPresent(purge -> json.putObject("purge")
                        .put("level", purge.level().name())
                        .put("reason", purge.reason().name())
                        .put("at", purge.at().toString()));
    }

    /** What a person is asked: who wants to know what, by which right; and the answer. */
    static ObjectNode questions(UUID signupId, List<Disclosure> requests, Instant now) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("signupId", signupId.toString());
        ArrayNode questions = json.putArray("questions");
        for (Disclosure request : requests) {
            request.questions().forEach(question -> questions.add(question(request, question, now)));
        }
        return json;
    }

    /**
     * The question of that id.
     *
     * @throws IllegalArgumentException if the request has none
     */
    static ObjectNode question(Disclosure request, UUID questionId, Instant now) {
        return request.questions().stream()
                .filter(question -> question.id().equals(questionId))
                .findFirst()
                .map(question -> question(request, question, now))
                .orElseThrow(() -> new IllegalArgumentException("the request has no such question"));
    }

    private static ObjectNode question(Disclosure request, Disclosure.Question question, Instant now) {
        ObjectNode json = times(request, question, now);
        asked(json, request.entered());
        json.putObject("links")
                .put("answer", "/v1/signups/" + request.signupId() + "/questions/" + question.id() + "/answer");
        return json;
    }

    private static ObjectNode times(Disclosure request, Disclosure.Question question, Instant now) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("questionId", question.id().toString())
                .put("state", state(request, question, now))
                .put("askedAt", question.askedAt().toString())
                .put("answerBy", question.answerBy().toString());
        question.answerInTime()
                .ifPresent(answer -> json.putObject("answer")
                        .put("consented", answer.consented())
                        .put("method", WireNames.of(answer.method()))
                        .put("answeredAt", answer.at().toString()));
        return json;
    }

    private static String state(Disclosure request, Disclosure.Question question, Instant now) {
        if (question.answerInTime().isPresent()) {
            return "answered";
        }
        return request.decision().isPresent() || now.isAfter(question.answerBy()) ? "closed" : "open";
    }
}
