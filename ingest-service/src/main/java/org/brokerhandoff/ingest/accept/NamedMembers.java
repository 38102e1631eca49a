package org.brokerhandoff.ingest.accept;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A body whose members are texts, most of them names from a list, and in some bodies a person. Collects its faults. */
final class NamedMembers {
    private final Faults faults = new Faults();
    private final Map<String, String> texts = new HashMap<>();
    private boolean personSeen;
    private Optional<CorrectedPerson> person = Optional.empty();

    private NamedMembers() {}

    /** Reads the first {@code length} bytes of {@code body}, which may have members of these names; empty if it is not JSON. */
    static Optional<NamedMembers> read(byte[] body, int length, List<String> names) {
        return read(body, length, names, Optional.empty());
    }

    /**
     * As above.
     *
     * @param extraMembers members allowed for a person; empty: the body must not have a person
     */
    static Optional<NamedMembers> read(
            byte[] body, int length, List<String> names, Optional<ExtraMembers> extraMembers) {
        NamedMembers members = new NamedMembers();
        Optional<PersonDraft> draft = extraMembers.map(allowed -> new PersonDraft(members.faults, allowed));
        String known = String.join(", ", names) + (draft.isPresent() ? ", person" : "");
        try (JsonCursor json = JsonCursor.open(body, length, members.faults)) {
            json.readBody(known, name -> {
                if (draft.isPresent() && name.equals("person")) {
                    members.personSeen = true;
                    draft.get().read(json);
                    return true;
                }
                return members.text(json, names, name);
            });
            // The values are valid only as long as the cursor is open.
            draft.filter(unused -> members.personSeen).ifPresent(read -> members.complete(read, length));
            return Optional.of(members);
        } catch (JsonCursor.NotJson e) {
            return Optional.empty();
        }
    }

    private void complete(PersonDraft draft, int length) {
        draft.check();
        if (faults.isEmpty()) {
            person = Optional.of(
                    new CorrectedPerson(draft.country(), draft.language(), draft.hasExtra(), draft.canonical(length)));
        }
    }

    private boolean text(JsonCursor json, List<String> names, String name) throws IOException {
        boolean known = names.contains(name);
        if (known) {
            json.text("/" + name).ifPresent(text -> texts.put(name, text));
        }
        return known;
    }

    /** The person, if present without faults. A presence that differs from {@code wanted} is a fault. */
    Optional<CorrectedPerson> person(boolean wanted) {
        if (wanted && !personSeen) {
            faults.add("/person", "required", "is required");
        } else if (!wanted && personSeen) {
            faults.add("/person", "person-unexpected", "is for a rectification only");
        }
        return person;
    }

    /** Whether there is a text of that name. */
    boolean has(String name) {
        return texts.containsKey(name);
    }

    /** As above, for all constants. */
    <E extends Enum<E>> Optional<E> required(String name, Class<E> type, String code) {
        return required(name, type, EnumSet.allOf(type), code);
    }

    /**
     * The constant of {@code type} that the member names.
     *
     * @param allowed the constants that it may name
     * @param code of the fault if it names none of them
     */
    <E extends Enum<E>> Optional<E> required(String name, Class<E> type, Set<E> allowed, String code) {
        String text = texts.get(name);
        if (text == null) {
            faults.add("/" + name, "required", "is required");
            return Optional.empty();
        }
        Optional<E> found = WireNames.named(type, text).filter(allowed::contains);
        if (found.isEmpty()) {
            faults.add("/" + name, code, "one of " + WireNames.all(allowed));
        }
        return found;
    }

    /** The ground does not support the decision. */
    void groundUnfit() {
        faults.add("/ground", "ground-unfit", "a ground that supports the decision");
    }

    /** The value, if present and valid. */
    <T> Parsed<T> concluded(Optional<T> value) {
        if (faults.isEmpty() && value.isPresent()) {
            return new Parsed.Valid<>(value.get());
        }
        person.ifPresent(unused -> unused.person().wipe());
        return new Parsed.Invalid<>(faults.list());
    }
}
