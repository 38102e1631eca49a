package org.brokerhandoff.router.mapping;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.router.directory.FieldMapping;
import org.brokerhandoff.router.directory.FieldMapping.Constant;
import org.brokerhandoff.router.directory.FieldMapping.Form;
import org.brokerhandoff.router.directory.FieldMapping.Group;
import org.brokerhandoff.router.directory.FieldMapping.Member;
import org.brokerhandoff.router.directory.FieldMapping.Source;
import org.brokerhandoff.router.directory.FieldMapping.Value;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.mapping.PersonSlices.Slice;

/**
 * The body of one handoff by a field mapping. The same signup, assignment and mapping give the same bytes, on every attempt and every
 * JDK.
 */
public final class MappedBody {
    private final PendingSignup signup;
    private final Assignment assignment;
    private final byte[] json;
    private final PersonSlices person;

    private MappedBody(PendingSignup signup, Assignment assignment, byte[] json, PersonSlices person) {
        this.signup = signup;
        this.assignment = assignment;
        this.json = json;
        this.person = person;
    }

    /**
     * Writes the body.
     *
     * @param json the person as ingest sealed it, in the first {@code length} bytes
     * @param body gets the body; it does not fail, since it is memory
     * @throws IllegalStateException if {@code json} is not a person's; the message quotes nothing
     */
    public static void write(
            FieldMapping mapping,
            PendingSignup signup,
            Assignment assignment,
            byte[] json,
            int length,
            OutputStream body) {
        try {
            new MappedBody(signup, assignment, json, PersonSlices.find(json, length)).object(mapping.members(), body);
        } catch (IOException e) {
            // Not chained: whatever wrote it may say what it was writing.
            throw new IllegalStateException("a body could not be written");
        }
    }

    /** Whether the signup has something for a member. */
    public enum Presence {
        /** It is sent. */
        SENT,
        /** What the directory has for this case is sent. */
        OTHERWISE,
        /** It is left out. */
        LEFT_OUT
    }

    /**
     * What became of one field.
     *
     * @param target dotted path in the body
     */
    public record FieldFate(String target, FieldMapping.Content content, Presence presence) {}

    /** What becomes of each field of the mapping, in the order of the body. */
    public static List<FieldFate> fates(
            FieldMapping mapping, PendingSignup signup, Assignment assignment, byte[] json, int length) {
        List<FieldFate> fates = new ArrayList<>();
        new MappedBody(signup, assignment, json, PersonSlices.find(json, length)).fates(mapping.members(), "", fates);
        return fates;
    }

    private void fates(List<Member> members, String path, List<FieldFate> fates) {
        for (Member member : members) {
            String target = path + member.name();
            if (member.content() instanceof Group group) {
                fates(group.members(), target + ".", fates);
            } else {
                fates.add(new FieldFate(target, member.content(), presence(member.content())));
            }
        }
    }

    private Presence presence(FieldMapping.Content content) {
        if (content instanceof Group group) {
            return group.members().stream().anyMatch(member -> presence(member.content()) != Presence.LEFT_OUT)
                    ? Presence.SENT
                    : Presence.LEFT_OUT;
        } else if (content instanceof Value value && !has(value)) {
            return value.otherwise().isPresent() ? Presence.OTHERWISE : Presence.LEFT_OUT;
        }
        return Presence.SENT;
    }

    private boolean has(Value value) {
        return switch (value.source()) {
            case COUNTRY -> Countries.find(signup.country()).isPresent();
            case LANGUAGE -> signup.language().isPresent();
            case FULL_NAME, FIRST_NAME, LAST_NAME, EMAIL, PHONE, EXTRA ->
                slice(value).isPresent();
            default -> true;
        };
    }

    /** Where a value of the person that is copied stands; nothing if it would be empty. */
    private Optional<Slice> slice(Value value) {
        Optional<Slice> slice = person.member(
                switch (value.source()) {
                    case FIRST_NAME, LAST_NAME -> Source.FULL_NAME.text();
                    default -> value.from();
                });
        return slice.map(whole -> switch (value.source()) {
                    case FIRST_NAME -> Names.first(json, whole);
                    case LAST_NAME -> Names.last(json, whole);
                    case PHONE -> number(whole, value.form());
                    default -> whole;
                })
                .filter(part -> !part.isEmpty());
    }

    /** The part of the number that is copied. Ingest seals it in E.164. */
    private Slice number(Slice whole, Form form) {
        if (form == Form.E164 || whole.isEmpty() || json[whole.from()] != '+') {
            return whole;
        }
        int digits = whole.from() + 1;
        return new Slice(
                form == Form.NATIONAL ? digits + CallingCodes.length(json, digits, whole.to()) : digits, whole.to());
    }

    private void object(List<Member> members, OutputStream body) throws IOException {
        body.write('{');
        boolean first = true;
        for (Member member : members) {
            if (presence(member.content()) == Presence.LEFT_OUT) {
                continue;
            }
            ascii(first ? "\"" : ",\"", body);
            ascii(member.name(), body);
            ascii("\":", body);
            content(member.content(), body);
            first = false;
        }
        body.write('}');
    }

    private void content(FieldMapping.Content content, OutputStream body) throws IOException {
        if (content instanceof Group group) {
            object(group.members(), body);
        } else if (content instanceof Constant constant) {
            utf8(constant.json(), body);
        } else if (content instanceof Value value) {
            if (has(value)) {
                value(value, body);
            } else {
                utf8(value.otherwise().orElseThrow(), body);
            }
        }
    }

    private void value(Value value, OutputStream body) throws IOException {
        switch (value.source()) {
            // Ids, versions, codes and times of known form: nothing in them needs escaping.
            // The broker knows the signup that is corrected, and not the id that the correction is sealed under.
            case SIGNUP_ID -> quoted(signup.concerns().orElse(signup.signupId()).toString(), body);
            case POLICY_VERSION -> quoted(signup.policyVersion(), body);
            case PURPOSES -> ascii("[\"broker-handoff\"]", body);
            case CONSENT_GIVEN_AT -> time(signup.consentGivenAt(), value.form(), body);
            case ASSIGNED_AT -> time(assignment.decidedAt(), value.form(), body);
            case COUNTRY -> country(Countries.find(signup.country()).orElseThrow(), value.form(), body);
            case LANGUAGE -> language(signup.language().orElseThrow(), value.form(), body);
            default -> {
                Slice slice = slice(value).orElseThrow();
                ascii(value.form() == Form.DOUBLE_ZERO && json[slice.from() - 1] == '+' ? "\"00" : "\"", body);
                body.write(json, slice.from(), slice.to() - slice.from());
                body.write('"');
            }
        }
    }

    private static void country(Countries.Country country, Form form, OutputStream body) throws IOException {
        quoted(
                switch (form) {
                    case ALPHA_3 -> country.alpha3();
                    case NUMERIC -> country.numeric();
                    case NAME -> country.name();
                    default -> country.alpha2();
                },
                body);
    }

    private static void language(String tag, Form form, OutputStream body) throws IOException {
        int hyphen = tag.indexOf('-');
        quoted(
                switch (form) {
                    case PRIMARY -> hyphen < 0 ? tag : tag.substring(0, hyphen);
                    case UNDERSCORE -> tag.replace('-', '_');
                    default -> tag;
                },
                body);
    }

    private static void time(Instant at, Form form, OutputStream body) throws IOException {
        switch (form) {
            case EPOCH_SECONDS -> ascii(Long.toString(at.getEpochSecond()), body);
            case EPOCH_MILLIS -> ascii(Long.toString(at.toEpochMilli()), body);
            default -> quoted(at.toString(), body);
        }
    }

    private static void quoted(String text, OutputStream body) throws IOException {
        body.write('"');
        utf8(text, body);
        body.write('"');
    }

    private static void ascii(String text, OutputStream body) throws IOException {
        body.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void utf8(String text, OutputStream body) throws IOException {
        body.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
