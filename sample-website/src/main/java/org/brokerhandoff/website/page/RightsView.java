package org.brokerhandoff.website.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a person has asked for, in words; made of ingest's answer alone.
 *
 * @param requests the latest first
 */
public record RightsView(List<Request> requests) {
    /** The rights that the page offers, by their names at ingest. */
    public static final List<String> OFFERED = List.of("access", "portability", "erasure", "restriction", "objection");

    /** Copies the list. */
    public RightsView {
        requests = List.copyOf(requests);
    }

    /**
     * A request.
     *
     * @param right which right
     * @param state how far it is
     * @param dueBy by when it has to be answered; empty once it is
     * @param lines what each broker says, what was decided, what is known
     */
    public record Request(
            String right, String state, StatusView.Time at, List<StatusView.Time> dueBy, List<String> lines) {
        /** Copies the lists. */
        public Request {
            dueBy = List.copyOf(dueBy);
            lines = List.copyOf(lines);
        }
    }

    /** A right to choose. */
    public record Choice(String id, String name, String hint) {}

    /** What can be chosen. */
    public static List<Choice> choices(Language language) {
        return OFFERED.stream()
                .map(right -> new Choice(
                        right, Texts.text(language, "right_" + right), Texts.text(language, "rightHint_" + right)))
                .toList();
    }

    /**
     * The view of an answer to {@code GET /v1/signups/{id}/rights-requests}.
     *
     * @param names the name of the broker of that id
     */
    public static RightsView of(JsonNode answer, Language language, UnaryOperator<String> names) {
        List<Request> requests = new ArrayList<>();
        answer.path("requests").forEach(request -> requests.add(request(request, language, names)));
        Collections.reverse(requests);
        return new RightsView(requests);
    }

    private static Request request(JsonNode request, Language language, UnaryOperator<String> names) {
        String state = request.path("status").asText();
        boolean open = state.equals("pending") || state.equals("in-progress");
        return new Request(
                Texts.known(language, "right_", request.path("type").asText()),
                Texts.known(language, "rightState_", state),
                time(request.path("requestedAt"), language),
                open ? List.of(time(request.path("dueAt"), language)) : List.of(),
                lines(request, language, names));
    }

    private static StatusView.Time time(JsonNode at, Language language) {
        return StatusView.Time.of(Instant.parse(at.asText()), language);
    }

    private static List<String> lines(JsonNode request, Language language, UnaryOperator<String> names) {
        List<String> lines = new ArrayList<>();
        JsonNode decision = request.path("decision");
        if (decision.isObject()) {
            lines.add(Texts.known(
                            language, "rightDecision_", decision.path("outcome").asText())
                    + " "
                    + Texts.known(
                            language, "rightGround_", decision.path("ground").asText()));
        }
        for (JsonNode recipient : request.path("recipients")) {
            String line = Texts.known(
                            language, "rightBroker_", recipient.path("status").asText())
                    .replace("{broker}", names.apply(recipient.path("broker").asText()));
            lines.add(
                    recipient.has("reason")
                            ? line + " "
                                    + Texts.known(
                                            language,
                                            "rightGround_",
                                            recipient.path("reason").asText())
                            : line);
        }
        JsonNode answer = request.path("answer");
        if (answer.has("signup")) {
            String broker = answer.path("signup").path("broker").path("name").asText();
            lines.add(
                    broker.isEmpty()
                            ? Texts.text(language, "rightAccessNobody")
                            : Texts.text(language, "rightAccessBroker").replace("{broker}", broker));
            lines.add(Texts.text(language, "rightAccessRouting"));
        } else if (answer.has("receipt")) {
            lines.add(Texts.text(language, "rightPortability"));
        }
        return lines;
    }
}
