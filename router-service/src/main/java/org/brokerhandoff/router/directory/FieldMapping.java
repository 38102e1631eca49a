package org.brokerhandoff.router.directory;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.schemas.Digests;

/**
 * The form in which a broker wants a handoff: the whole body, member by member, in this order. What it does not name is not sent.
 *
 * @param members members of the body; none stands for the contract's own body
 */
public record FieldMapping(List<Member> members) {
    /** What holds where the directory says nothing of it: the contract's own body. */
    public static final FieldMapping NONE = new FieldMapping(List.of());

    /** Copies the list. */
    public FieldMapping {
        members = List.copyOf(members);
    }

    /**
     * One member of an object.
     *
     * @param name 1 to 64 of A–Z, a–z, 0–9, underscore and hyphen, so that it needs no escaping
     */
    public record Member(String name, Content content) {}

    /** What a member holds. */
    public sealed interface Content {}

    /** An object; left out where nothing of it is there. */
    public record Group(List<Member> members) implements Content {
        /** Copies the list. */
        public Group {
            members = List.copyOf(members);
        }
    }

    /**
     * Always the same.
     *
     * @param json a JSON string, number, {@code true} or {@code false}
     */
    public record Constant(String json) implements Content {}

    /**
     * A value of the signup.
     *
     * @param extra name of the member of {@code extra}, where the source is {@link Source#EXTRA}; else empty
     * @param otherwise JSON of what is sent where the signup has no such value; empty: the member is left out
     */
    public record Value(Source source, String extra, Form form, Optional<String> otherwise) implements Content {
        /** The source as the directory writes it. */
        public String from() {
            return source == Source.EXTRA ? source.text() + "." + extra : source.text();
        }
    }

    /** Where a value comes from. */
    public enum Source {
        /** The signup's id. */
        SIGNUP_ID("signupId", Form.AS_IS),
        /** The name, as the person wrote it. */
        FULL_NAME("fullName", Form.AS_IS),
        /** The name without its last word; nothing if it has one word only. */
        FIRST_NAME("firstName", Form.AS_IS),
        /** The last word of the name. */
        LAST_NAME("lastName", Form.AS_IS),
        /** The e-mail address. */
        EMAIL("email", Form.AS_IS),
        /** The telephone number, if there is one. */
        PHONE("phone", Form.E164, Form.DIGITS, Form.DOUBLE_ZERO, Form.NATIONAL),
        /** The country of residence. */
        COUNTRY("country", Form.ALPHA_2, Form.ALPHA_3, Form.NUMERIC, Form.NAME),
        /** The language, if there is one. */
        LANGUAGE("language", Form.TAG, Form.PRIMARY, Form.UNDERSCORE),
        /** One member of {@code extra}, if it is there. */
        EXTRA("extra", Form.AS_IS),
        /** Version of the privacy policy that was consented to. */
        POLICY_VERSION("policyVersion", Form.AS_IS),
        /** Purposes of the consent, a list. */
        PURPOSES("purposes", Form.AS_IS),
        /** When the person consented. */
        CONSENT_GIVEN_AT("consentGivenAt", Form.ISO, Form.EPOCH_SECONDS, Form.EPOCH_MILLIS),
        /** When the broker was assigned. */
        ASSIGNED_AT("assignedAt", Form.ISO, Form.EPOCH_SECONDS, Form.EPOCH_MILLIS);

        private final String text;
        private final Form usual;
        private final Set<Form> forms;

        Source(String text, Form usual, Form... others) {
            this.text = text;
            this.usual = usual;
            this.forms = EnumSet.of(usual, others);
        }

        /** As the directory writes it. */
        public String text() {
            return text;
        }

        /** The form where none is named. */
        public Form usual() {
            return usual;
        }

        /** The forms that it can be sent in. */
        public Set<Form> forms() {
            return Set.copyOf(forms);
        }
    }

    /** How a value is written. */
    public enum Form {
        /** The only one. */
        AS_IS,
        /** {@code +4791234567}. */
        E164,
        /** {@code 4791234567}. */
        DIGITS,
        /** {@code 004791234567}. */
        DOUBLE_ZERO,
        /** {@code 91234567}: without the calling code, and without the 0 that some countries put before it. */
        NATIONAL,
        /** {@code NO}. */
        ALPHA_2,
        /** {@code NOR}. */
        ALPHA_3,
        /** {@code "578"}: three digits, a string. */
        NUMERIC,
        /** {@code Norway}. */
        NAME,
        /** {@code nb-NO}, as the person's browser or the website has it. */
        TAG,
        /** {@code nb}. */
        PRIMARY,
        /** {@code nb_NO}. */
        UNDERSCORE,
        /** {@code 2026-11-22T13:00:00.123Z}. */
        ISO,
        /** {@code 1795352400}, a number. */
        EPOCH_SECONDS,
        /** {@code 1795352400123}, a number. */
        EPOCH_MILLIS;

        /** As the directory writes it: {@code epoch-seconds}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Whether the contract's own body is sent. */
    public boolean isNone() {
        return members.isEmpty();
    }

    /** SHA-256 of the {@linkplain #canonical canonical form}; empty for the contract's own body. */
    public Optional<Digest> digest() {
        return isNone()
                ? Optional.empty()
                : Optional.of(Digests.sha256(canonical().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The mapping in the one form that its digest is taken of: a line for each field in the order of the body, target, source, form and
     * JSON of a constant or a default, separated by tabs.
     */
    public String canonical() {
        StringBuilder lines = new StringBuilder();
        write(members, "", lines);
        return lines.toString();
    }

    private static void write(List<Member> members, String path, StringBuilder lines) {
        for (Member member : members) {
            String target = path + member.name();
            if (member.content() instanceof Group group) {
                write(group.members(), target + ".", lines);
            } else if (member.content() instanceof Constant constant) {
                lines.append(target)
                        .append("\tconstant\t\t")
                        .append(constant.json())
                        .append('\n');
            } else if (member.content() instanceof Value value) {
                lines.append(target)
                        .append('\t')
                        .append(value.from())
                        .append('\t')
                        .append(value.form().text())
                        .append('\t')
                        .append(value.otherwise().orElse(""))
                        .append('\n');
            }
        }
    }
}
