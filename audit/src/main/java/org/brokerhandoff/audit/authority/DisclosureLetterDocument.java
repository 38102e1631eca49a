package org.brokerhandoff.audit.authority;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.brokerhandoff.event.DisclosureScope;

/** Renders a {@link DisclosureLetter}: for people in a terminal or on a page, and for machines. */
public final class DisclosureLetterDocument {
    private final DisclosureLetter letter;

    /** The forms of {@code letter}. */
    public DisclosureLetterDocument(DisclosureLetter letter) {
        this.letter = letter;
    }

    /** Plain text. Ends with a line break. */
    public String text(Wording words) {
        return sheet(words).text(words.of("from-the-log", letter.readAt()));
    }

    /** A self-contained page. */
    public String html(Wording words) {
        return sheet(words).html(words.language(), words.of("from-the-log", letter.readAt()));
    }

    private String title(Wording words) {
        return words.of(letter.granted() ? "disclosure.title.granted" : "disclosure.title.refused");
    }

    private Sheet sheet(Wording words) {
        Sheet sheet = new Sheet(title(words));
        DisclosureLetter.Entered entered = letter.entered();
        sheet.paragraph(words.of(
                "disclosure.about",
                entered.requestId(),
                entered.at(),
                letter.signupId(),
                words.of(entered.requester()),
                words.country(entered.country()),
                words.of(entered.basis()),
                scope(words)));
        sheet.heading(words.of("disclosure.decision"));
        sheet.paragraph(words.of(
                letter.granted() ? "disclosure.granted" : "disclosure.refused",
                letter.ruling().at(),
                words.of(letter.ruling().ground())));
        sheet.paragraph(words.of(letter.ruling().byAnother() ? "disclosure.four-eyes" : "disclosure.one-pair"));
        if (letter.ruling().restsOnPerson()) {
            sheet.paragraph(letter.question()
                    .map(question -> question(question, words))
                    .orElse(words.of("disclosure.not-asked")));
        }
        if (letter.granted()) {
            answer(sheet, words);
        } else {
            sheet.paragraph(words.of("disclosure.nothing-told"));
        }
        if (entered.preservation()) {
            sheet.heading(words.of("disclosure.preservation"));
            sheet.paragraph(preservation(words));
        }
        letter.contact().ifPresent(contact -> {
            sheet.heading(words.of("disclosure.contact"));
            sheet.paragraph(contact.destroyedAt()
                    .map(at -> words.of(
                            contact.handedOver() ? "disclosure.contact.gone" : "disclosure.contact.not-handed-over",
                            contact.messageId(),
                            at))
                    .orElse(words.of("disclosure.contact.not-yet", contact.messageId())));
        });
        if (letter.granted()) {
            sheet.heading(words.of("limits")).paragraph(words.of("disclosure.not-said"));
        }
        return sheet;
    }

    private String scope(Wording words) {
        return letter.entered().scope().stream().map(words::of).collect(Collectors.joining(", "));
    }

    private static String question(DisclosureLetter.Question question, Wording words) {
        if (question.consented().isEmpty()) {
            return words.of("disclosure.silent", question.askedAt(), question.answerBy());
        }
        return words.of(
                question.consented().get() ? "disclosure.consented" : "disclosure.person-refused",
                question.askedAt(),
                question.answeredAt().map(Instant::toString).orElse(""));
    }

    private void answer(Sheet sheet, Wording words) {
        sheet.heading(words.of("disclosure.answer"));
        if (letter.signup().isEmpty()) {
            sheet.paragraph(words.of("disclosure.no-signup"));
            return;
        }
        RecipientLetter signup = letter.signup().get();
        sheet.paragraph(words.of("disclosure.held", signup.taken().receivedAt()));
        if (letter.entered().scope().contains(DisclosureScope.PERSONAL_DATA)) {
            sheet.paragraph(words.of("disclosure.personal-data", categories(signup, words)));
        }
        if (letter.tells(DisclosureScope.PURGE)) {
            sheet.paragraph(signup.purge()
                    .map(gone -> words.of(
                            "disclosure.gone",
                            gone.keyDestroyedAt(),
                            words.of("PurgeLevel." + gone.level()),
                            gone.confirmedAt()))
                    .orElse(words.of("disclosure.not-yet")));
        }
        if (letter.tells(DisclosureScope.CONSENT)) {
            consent(sheet, signup, words);
        }
        if (letter.tells(DisclosureScope.RECIPIENTS)) {
            recipients(sheet, signup.recipients(), words);
        }
    }

    private static String categories(RecipientLetter signup, Wording words) {
        return signup.taken().categories().stream()
                .map(category -> words.of("DataCategory." + category))
                .collect(Collectors.joining(", "));
    }

    private static void consent(Sheet sheet, RecipientLetter signup, Wording words) {
        sheet.heading(words.of("disclosure.consent"));
        sheet.paragraph(signup.taken()
                .policy()
                .map(policy -> words.of("disclosure.consent.given", policy, categories(signup, words)))
                .orElse(words.of("disclosure.consent.message")));
        signup.withdrawnAt().ifPresent(at -> sheet.paragraph(words.of("disclosure.consent.withdrawn", at)));
    }

    private static void recipients(Sheet sheet, List<RecipientLetter.Recipient> recipients, Wording words) {
        sheet.heading(words.of("letter.recipients"));
        if (recipients.isEmpty()) {
            sheet.paragraph(words.of("letter.nobody"));
            return;
        }
        sheet.table(
                words.of("letter.recipients"),
                List.of(
                        words.of("recipient"),
                        words.of("letter.outcome"),
                        words.of("letter.contacts"),
                        words.of("letter.privacy-policy")),
                recipients.stream().map(each -> row(each, words)).toList());
    }

    private static List<String> row(RecipientLetter.Recipient each, Wording words) {
        return List.of(
                each.name().equals(each.id()) ? each.id() : each.name() + " (" + each.id() + ")",
                words.of("disclosure.Outcome." + each.outcome().name())
                        + each.decidedAt().map(at -> ", " + at).orElse(""),
                each.contacts().stream().map(Instant::toString).collect(Collectors.joining(", ")),
                each.privacyPolicy().orElse(""));
    }

    private String preservation(Wording words) {
        return letter.ruling()
                .preservedUntil()
                .map(until -> words.of("disclosure.preserved", until)
                        + letter.ruling()
                                .releasedAt()
                                .map(at -> " " + words.of("disclosure.preservation-released", at))
                                .orElse(""))
                .orElse(words.of("disclosure.not-preserved"));
    }

    /** One object; {@code answer} is present if the request was granted. Ends with a line break. */
    public String json() {
        DisclosureLetter.Entered entered = letter.entered();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("requestId", entered.requestId().toString())
                .put("signupId", letter.signupId().toString())
                .put("requestedAt", entered.at().toString())
                .put("requester", entered.requester().name())
                .put("country", entered.country())
                .put("basis", entered.basis().name());
        ArrayNode scope = json.putArray("scope");
        entered.scope().forEach(part -> scope.add(part.name()));
        json.put("preservation", entered.preservation())
                .put("preserved", letter.ruling().preservedUntil().isPresent());
        letter.ruling().preservedUntil().ifPresent(until -> json.put("preservedUntil", until.toString()));
        letter.ruling().releasedAt().ifPresent(at -> json.put("preservationReleasedAt", at.toString()));
        json.putObject("decision")
                .put("decision", letter.ruling().decision().name())
                .put("ground", letter.ruling().ground().name())
                .put("decidedAt", letter.ruling().at().toString())
                .put("byAnother", letter.ruling().byAnother());
        letter.question().ifPresent(question -> {
            ObjectNode person = json.putObject("question")
                    .put("askedAt", question.askedAt().toString())
                    .put("answerBy", question.answerBy().toString());
            question.consented().ifPresent(consented -> person.put("consented", consented));
            question.answeredAt().ifPresent(at -> person.put("answeredAt", at.toString()));
        });
        letter.signup().ifPresent(signup -> answer(json.putObject("answer"), signup));
        letter.contact().ifPresent(contact -> {
            ObjectNode sealed = json.putObject("contact")
                    .put("messageId", contact.messageId().toString())
                    .put("handedOver", contact.handedOver());
            contact.destroyedAt().ifPresent(at -> sealed.put("destroyedAt", at.toString()));
        });
        return json.put("readAt", letter.readAt().toString()).toPrettyString() + "\n";
    }

    private void answer(ObjectNode json, RecipientLetter signup) {
        json.put("receivedAt", signup.taken().receivedAt().toString());
        if (letter.entered().scope().contains(DisclosureScope.PERSONAL_DATA)) {
            json.put("personalDataReadableHere", false);
            signup.taken().categories().forEach(json.putArray("categories")::add);
        }
        if (letter.tells(DisclosureScope.PURGE)) {
            signup.purge()
                    .ifPresent(gone -> json.putObject("purge")
                            .put("level", gone.level())
                            .put("keyDestroyedAt", gone.keyDestroyedAt().toString())
                            .put("confirmedAt", gone.confirmedAt().toString()));
        }
        if (letter.tells(DisclosureScope.CONSENT)) {
            ObjectNode consent = json.putObject("consent");
            signup.taken().policy().ifPresent(policy -> consent.put("policy", policy));
            signup.taken().categories().forEach(consent.putArray("categories")::add);
            signup.withdrawnAt().ifPresent(at -> consent.put("withdrawnAt", at.toString()));
        }
        if (letter.tells(DisclosureScope.RECIPIENTS)) {
            ArrayNode all = json.putArray("recipients");
            for (RecipientLetter.Recipient each : signup.recipients()) {
                ObjectNode one = all.addObject()
                        .put("id", each.id())
                        .put("name", each.name())
                        .put("outcome", each.outcome().name());
                ArrayNode contacts = one.putArray("contacts");
                each.contacts().forEach(at -> contacts.add(at.toString()));
                each.decidedAt().ifPresent(at -> one.put("decidedAt", at.toString()));
            }
        }
    }
}
