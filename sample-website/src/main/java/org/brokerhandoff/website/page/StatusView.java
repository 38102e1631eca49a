package org.brokerhandoff.website.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a signup or a message stands, in words; made of ingest's answer alone.
 *
 * @param summary what counts now
 * @param steps what has happened and what is still to come
 * @param broker who has it, or is about to
 * @param proof what the purge claims
 * @param withdrawal what became of a withdrawal
 */
public record StatusView(
        Summary summary, List<Step> steps, List<Broker> broker, List<Proof> proof, List<Withdrawal> withdrawal) {
    /** Copies the lists. */
    public StatusView {
        steps = List.copyOf(steps);
        broker = List.copyOf(broker);
        proof = List.copyOf(proof);
        withdrawal = List.copyOf(withdrawal);
    }

    /**
     * What counts now.
     *
     * @param withdrawable whether there is a consent to withdraw
     * @param settled whether nothing will change any more by itself
     */
    public record Summary(String headline, String explanation, boolean withdrawable, boolean settled) {}

    /**
     * A step.
     *
     * @param done whether it has happened
     * @param time as people read it, and as machines do; empty if it has not happened or is not known
     */
    public record Step(String text, boolean done, List<Time> time) {}

    /** A moment, for people and as ISO 8601. */
    public record Time(String text, String iso) {
        static Time of(Instant at, Language language) {
            return new Time(language.dateAndTime(at), at.toString());
        }
    }

    /**
     * A broker with its own policies and a contact; an empty text where there is none.
     *
     * @param delivered whether it has the signup
     */
    public record Broker(String name, boolean delivered, String privacyPolicy, String cookiePolicy, String contact) {
        /** Where {@link #contact} leads. */
        public String contactLink() {
            return contact.startsWith("https://") ? contact : "mailto:" + contact;
        }
    }

    /** The level of a purge and what it means. */
    public record Proof(String level, String meaning, Time at) {}

    /** What became of a withdrawal. */
    public record Withdrawal(String text, Time at) {}

    /** The view of an answer to {@code GET /v1/signups/{id}}. */
    public static StatusView of(JsonNode status, Language language, boolean message) {
        String state = status.path("status").asText();
        String kind = message ? "message_" : "signup_";
        String broker = status.path("broker").path("name").asText();
        boolean purged = status.has("purge");
        String shown = state.equals("DELIVERED") && !purged ? "DELIVERED_NOT_PURGED" : state;
        return new StatusView(
                new Summary(
                        Texts.known(language, kind + "headline_", shown).replace("{broker}", broker),
                        Texts.known(language, kind + "explanation_", shown).replace("{broker}", broker),
                        !message
                                && !status.has("withdrawal")
                                && !state.equals("EXPIRED")
                                && !state.equals("UNDELIVERABLE"),
                        purged && settled(status.path("withdrawal"))),
                steps(status, language, broker),
                broker(status.path("broker"), state.equals("DELIVERED")),
                proof(status.path("purge"), language),
                withdrawal(status.path("withdrawal"), language, broker));
    }

    private static boolean settled(JsonNode withdrawal) {
        return !withdrawal.has("notice")
                || withdrawal.path("notice").path("state").asText().equals("CONFIRMED");
    }

    private static List<Step> steps(JsonNode status, Language language, String broker) {
        String state = status.path("status").asText();
        boolean delivered = state.equals("DELIVERED");
        boolean assigned = !broker.isEmpty();
        boolean purged = status.has("purge");
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(Texts.text(language, "step_received"), true, time(status.path("receivedAt"), language)));
        if (state.equals("RECEIVED") || state.equals("ASSIGNED") || assigned) {
            steps.add(new Step(
                    assigned
                            ? Texts.text(language, "step_assigned_to").replace("{broker}", broker)
                            : Texts.text(language, "step_assigned"),
                    assigned,
                    List.of()));
        }
        if (state.equals("RECEIVED") || state.equals("ASSIGNED") || delivered) {
            steps.add(new Step(Texts.text(language, "step_delivered"), delivered, List.of()));
        }
        steps.add(new Step(
                Texts.text(language, purged ? "step_purged" : "step_purge"),
                purged,
                time(
                        purged
                                ? status.path("purge").path("at")
                                : status.path(status.has("preservedUntil") ? "preservedUntil" : "eraseBy"),
                        language)));
        return steps;
    }

    private static List<Time> time(JsonNode at, Language language) {
        return at.isTextual() ? List.of(Time.of(Instant.parse(at.asText()), language)) : List.of();
    }

    private static List<Broker> broker(JsonNode broker, boolean delivered) {
        return broker.isObject()
                ? List.of(new Broker(
                        broker.path("name").asText(),
                        delivered,
                        broker.path("privacyPolicy").asText(),
                        broker.path("cookiePolicy").asText(),
                        broker.path("contact").asText()))
                : List.of();
    }

    private static List<Proof> proof(JsonNode purge, Language language) {
        if (!purge.isObject()) {
            return List.of();
        }
        String level = purge.path("level").asText();
        return List.of(new Proof(
                level,
                Texts.known(language, "level_", level),
                Time.of(Instant.parse(purge.path("at").asText()), language)));
    }

    private static List<Withdrawal> withdrawal(JsonNode withdrawal, Language language, String broker) {
        if (!withdrawal.isObject()) {
            return List.of();
        }
        String outcome = withdrawal.path("outcome").asText();
        String notice = withdrawal.path("notice").path("state").asText();
        String key = outcome.equals("ERASED_BEFORE_HANDOFF")
                ? "withdrawn_before"
                : notice.equals("CONFIRMED") ? "withdrawn_confirmed" : "withdrawn_telling";
        return List.of(new Withdrawal(
                Texts.text(language, key)
                        .replace("{broker}", broker.isEmpty() ? Texts.text(language, "the_broker") : broker),
                Time.of(Instant.parse(withdrawal.path("at").asText()), language)));
    }
}
