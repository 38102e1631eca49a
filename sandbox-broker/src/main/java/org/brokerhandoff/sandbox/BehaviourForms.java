package org.brokerhandoff.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;

/** The switches of a broker's behaviour, one form each. */
final class BehaviourForms {
    /** Denotes the books in a form that empties them. */
    static final String BOOKS = "books";

    private static final String HANDOFFS = "handoffs";
    private static final String NOTICES = "notices";
    private static final String PINGS = "pings";
    private static final String QUESTIONS = "questions";

    private final Map<String, String> inForce;
    private final Optional<Attempt> attempt;

    /**
     * The user's last change.
     *
     * @param what a name of {@link SandboxAdmin}'s, or {@link #BOOKS}
     * @param text as entered; empty once it is in force
     * @param problem why it is invalid; empty if it is in force
     */
    record Attempt(String what, String text, Optional<String> problem) {}

    BehaviourForms(Map<String, String> inForce, Optional<Attempt> attempt) {
        this.inForce = inForce;
        this.attempt = attempt;
    }

    Element section() {
        Element section = Element.of("section").with("id", "behaviour").add(Element.of("h2", "How it behaves"));
        attempt.filter(made -> made.problem().isEmpty())
                .ifPresent(made -> section.add(Element.of(
                                "p",
                                made.what().equals(BOOKS)
                                        ? "The books are empty now."
                                        : "Changed: " + made.what() + " are treated like this from now on.")
                        .with("role", "status")));
        String options = inForce.getOrDefault(SandboxAdmin.OPTIONS, "");
        if (!options.isEmpty()) {
            section.add(Element.of("p")
                    .text("Until handoffs are changed here, these start-up options apply to them as well: ")
                    .add(Blocks.code(options)));
        }
        return section.add(
                typed(
                        HANDOFFS,
                        "Handoffs",
                        handoffs(),
                        BehaviourText.CLAUSES + "; several are separated by commas, @SHARE"
                                + " limits one to a share of requests. The first match decides."),
                typed(
                        NOTICES,
                        "Notices",
                        notices(),
                        "complete, pending:QUESTIONS, refuse:REASON, silent, STATUS[:TIMES]."),
                chosen(PINGS, "Pings", pings()),
                chosen(QUESTIONS, "Questions", questions()));
    }

    private Element typed(String what, String label, Map<String, String> examples, String hint) {
        Optional<String> problem =
                attempt.filter(made -> made.what().equals(what)).flatMap(Attempt::problem);
        String text =
                attempt.filter(made -> problem.isPresent()).map(Attempt::text).orElse(holds(what));
        Element input = Element.of("input")
                .with("id", fieldOf(what))
                .with("name", "text")
                .with("value", text)
                .with("list", what + "-examples")
                .with("autocomplete", "off")
                .with("spellcheck", "false")
                .with("maxlength", SandboxAdmin.LONGEST_TEXT)
                .with("aria-describedby", problem.isPresent() ? what + "-problem " + what + "-hint" : what + "-hint");
        Element field = Element.of("div")
                .as("field long")
                .add(
                        Element.of("label", label).with("for", fieldOf(what)),
                        Element.of("p", hint).as("note").with("id", what + "-hint"));
        problem.ifPresent(why -> {
            field.add(Element.of("p", "Nothing was changed: " + why)
                    .as("problem")
                    .with("id", what + "-problem")
                    .with("role", "alert"));
            input.with("aria-invalid", "true").with("autofocus", "");
        });
        Element list = Element.of("datalist").with("id", what + "-examples");
        examples.forEach((value, words) ->
                list.add(Element.of("option").with("value", value).with("label", words)));
        return form(what, field.add(input, list), "Change " + what);
    }

    private Element chosen(String what, String label, Map<String, String> options) {
        return form(what, Blocks.select(fieldOf(what), "text", label, options, holds(what)), "Change " + what);
    }

    private static Element form(String what, Element field, String button) {
        return form(what, List.of(field), Element.of("button", button)).as("ask switch");
    }

    /** A form that changes something, by the name that the server uses for it. */
    static Element form(String what, List<Element> fields, Element button) {
        return Element.of("form")
                .as("ask")
                .with("method", "post")
                .with("action", "/")
                .add(Element.of("input")
                        .with("type", "hidden")
                        .with("name", "what")
                        .with("value", what))
                .add(fields)
                .add(button.with("type", "submit"));
    }

    /** Not only the name: a section of the page has that id. */
    private static String fieldOf(String what) {
        return what + "-behaviour";
    }

    private String holds(String what) {
        String text = inForce.getOrDefault(what, "");
        if (!text.isEmpty()) {
            return text;
        }
        return switch (what) {
            case NOTICES -> "complete";
            case QUESTIONS -> "answer";
            default -> "accept";
        };
    }

    private static Map<String, String> handoffs() {
        Map<String, String> examples = new LinkedHashMap<>();
        examples.put("accept", "takes everything");
        examples.put("refuse", "refuses everything (422)");
        examples.put("refuse:NO", "refuses people of a country");
        examples.put("500@0.2", "fails one time in five");
        examples.put("503:10", "is down, with Retry-After of 10 seconds");
        examples.put("drop-reply@0.1", "accepts, and loses one reply in ten");
        examples.put("delay:2000", "accepts after two seconds");
        examples.put("410", "is gone for good (410)");
        return examples;
    }

    private static Map<String, String> notices() {
        Map<String, String> examples = new LinkedHashMap<>();
        examples.put("complete", "confirms at once");
        examples.put("pending:2", "confirms after two polls");
        examples.put("refuse:legal-obligation", "refuses requests, and confirms withdrawals");
        examples.put("500:2", "fails twice, then confirms");
        examples.put("silent", "does not answer");
        return examples;
    }

    private static Map<String, String> pings() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("accept", "says yes");
        options.put("reject", "says no (409)");
        options.put("silent", "does not answer");
        options.put("503", "fails (503)");
        return options;
    }

    private static Map<String, String> questions() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("answer", "answers from its books");
        options.put("503", "fails (503)");
        return options;
    }
}
