package org.brokerhandoff.router.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members that entries of several files have in common: texts, addresses, secrets. What is wrong goes to a list of problems, and
 * what is read instead is of no use then. Pure.
 */
public final class EntryReader {
    private final NamedFiles files;
    private final Consumer<DirectoryProblem> problems;

    /** A reader of entries that name {@code files}. */
    public EntryReader(NamedFiles files, Consumer<DirectoryProblem> problems) {
        this.files = files;
        this.problems = problems;
    }

    /** The secrets in the files that {@code secretFiles} names, which only this service may read. */
    public List<WebhookSecret> secrets(String place, JsonNode node) {
        List<WebhookSecret> secrets = new ArrayList<>();
        List<String> names = texts(place, node, "secretFiles", true, text -> !text.isBlank(), "must be file names");
        for (int i = 0; i < names.size(); i++) {
            String at = place + "/secretFiles/" + i;
            String name = names.get(i);
            Optional<String> content = files.text(name);
            Optional<String> exposure = content.flatMap(readable -> files.exposure(name));
            if (content.isEmpty()) {
                problem(at, "must be a readable file", DirectoryParser.shown(name));
                continue;
            }
            exposure.ifPresent(reason -> problem(at, DirectoryParser.PRIVATE_FILE, reason));
            Optional<WebhookSecret> secret = WebhookSecret.parse(content.get());
            if (secret.isEmpty()) {
                problem(at, "must hold " + WebhookSecret.FORMS, "something else");
            }
            secret.ifPresent(secrets::add);
        }
        return secrets;
    }

    /** A text that has to be there; empty if it is not, or is another than {@code rule} says. */
    public String text(String place, JsonNode node, String member, Predicate<String> valid, String rule) {
        JsonNode value = node.get(member);
        if (value == null || !value.isTextual() || !valid.test(value.textValue())) {
            problem(place + "/" + member, rule, DirectoryParser.describe(value));
            return "";
        }
        return value.textValue();
    }

    /** A list of texts, without those that are other than {@code rule} says. */
    public List<String> texts(
            String place, JsonNode node, String member, boolean required, Predicate<String> valid, String rule) {
        JsonNode value = node.get(member);
        List<String> texts = new ArrayList<>();
        if (value == null && !required) {
            return texts;
        }
        if (value == null || !value.isArray() || value.isEmpty()) {
            problem(place + "/" + member, rule, DirectoryParser.describe(value));
            return texts;
        }
        for (int i = 0; i < value.size(); i++) {
            JsonNode each = value.get(i);
            if (each.isTextual() && valid.test(each.textValue())) {
                texts.add(each.textValue());
            } else {
                problem(place + "/" + member + "/" + i, rule, DirectoryParser.describe(each));
            }
        }
        return texts;
    }

    /** Whether a member says true. */
    public boolean flag(String place, JsonNode node, String member) {
        JsonNode value = node.get(member);
        if (value != null && !value.isBoolean()) {
            problem(place + "/" + member, "must be true or false", DirectoryParser.describe(value));
        }
        return value != null && value.asBoolean();
    }

    int number(String place, JsonNode node, String member, int otherwise, int least, int most) {
        JsonNode value = node.get(member);
        if (value == null) {
            return otherwise;
        }
        if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
            problem(
                    place + "/" + member,
                    "must be a whole number from " + least + " to " + most,
                    DirectoryParser.describe(value));
            return otherwise;
        }
        return value.intValue();
    }

    /** An address in normal form; null if there is none. */
    public @Nullable URI address(String place, JsonNode node, String member, boolean plainAllowed) {
        JsonNode value = node.get(member);
        if (value == null || !value.isTextual()) {
            problem(place + "/" + member, "must be an https address", DirectoryParser.describe(value));
            return null;
        }
        BrokerAddress address = BrokerAddress.of(value.textValue());
        if (address instanceof BrokerAddress.Valid valid) {
            if (plainAllowed || valid.uri().getScheme().equals("https")) {
                return valid.uri();
            }
            problem(place + "/" + member, "must be an https address (plain http only where local is true)", "http");
        } else if (address instanceof BrokerAddress.Invalid invalid) {
            problem(place + "/" + member, "must " + invalid.rule(), invalid.found());
        }
        return null;
    }

    /** Notes what is wrong at a place. */
    public void problem(String place, String rule, String found) {
        problems.accept(new DirectoryProblem(place, rule, found));
    }
}
