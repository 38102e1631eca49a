package org.brokerhandoff.website.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A question whether data may be disclosed, in words; made of ingest's answer alone.
 *
 * @param id names it to ingest; of use only with the website's key
 * @param open whether it can be answered
 * @param who who asks, by which law and on which basis
 * @param scope what is asked for
 * @param answerBy until when an answer counts
 * @param outcome what became of it; empty while it is open
 */
public record QuestionView(
        String id, boolean open, String who, List<String> scope, StatusView.Time answerBy, String outcome) {
    /** Copies the list. */
    public QuestionView {
        scope = List.copyOf(scope);
    }

    /** The views of an answer to {@code GET /v1/signups/{id}/questions}. */
    public static List<QuestionView> of(JsonNode answer, Language language) {
        List<QuestionView> views = new ArrayList<>();
        answer.path("questions").forEach(question -> views.add(one(question, language)));
        return views;
    }

    private static QuestionView one(JsonNode question, Language language) {
        boolean open = question.path("state").asText().equals("open");
        List<String> scope = new ArrayList<>();
        question.path("scope").forEach(part -> scope.add(Texts.known(language, "scope_", key(part))));
        return new QuestionView(
                question.path("questionId").asText(),
                open,
                Texts.text(language, "questionWho")
                        .replace("{requester}", Texts.known(language, "requester_", key(question.path("requester"))))
                        .replace(
                                "{country}",
                                Countries.name(question.path("country").asText(), language))
                        .replace("{basis}", Texts.known(language, "basis_", key(question.path("basis")))),
                scope,
                StatusView.Time.of(Instant.parse(question.path("answerBy").asText()), language),
                open ? "" : outcome(question, language));
    }

    private static String outcome(JsonNode question, Language language) {
        JsonNode answer = question.path("answer");
        if (!answer.isObject()) {
            return Texts.text(language, "questionClosed");
        }
        return Texts.text(language, answer.path("consented").asBoolean() ? "questionYes" : "questionNo");
    }

    private static String key(JsonNode name) {
        return name.asText().replace('-', '_');
    }
}
