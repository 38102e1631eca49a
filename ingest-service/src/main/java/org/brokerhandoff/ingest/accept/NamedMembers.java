package org.brokerhandoff.ingest.accept;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A body whose members are texts, most of them names of a list. What is wrong with it is collected. */
final class NamedMembers {
    private final Faults faults = new Faults();
    private final Map<String, String> texts = new HashMap<>();

    private NamedMembers() {}

    /** Reads the first {@code length} bytes of {@code body}, which may have members of these names; empty if it is not JSON. */
    static Optional<NamedMembers> read(byte[] body, int length, List<String> names) {
        NamedMembers members = new NamedMembers();
        try (JsonCursor json = JsonCursor.open(body, length, members.faults)) {
            json.readBody(String.join(", ", names), name -> {
                boolean known = names.contains(name);
                if (known) {
                    json.text("/" + name).ifPresent(text -> members.texts.put(name, text));
                }
                return known;
            });
            return Optional.of(members);
        } catch (JsonCursor.NotJson e) {
            return Optional.empty();
        }
    }

    /** Whether there is a text of that name. */
    boolean has(String name) {
        return texts.containsKey(name);
    }

    /** As the other, of all constants. */
    <E extends Enum<E>> Optional<E> required(String name, Class<E> type, String code) {
        return required(name, type, EnumSet.allOf(type), code);
    }

    /**
     * The constant of {@code type} that the member names.
     *
     * @param allowed those that it may name
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

    /** A decision's ground does not speak for it. */
    void groundUnfit() {
        faults.add("/ground", "ground-unfit", "one that speaks for the decision");
    }

    /** The value, if there is one and nothing is wrong. */
    <T> Parsed<T> concluded(Optional<T> value) {
        return faults.isEmpty() && value.isPresent()
                ? new Parsed.Valid<>(value.get())
                : new Parsed.Invalid<>(faults.list());
    }
}
