package org.brokerhandoff.ingest.accept;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Constants as the HTTP interface writes them: in lower case, with hyphens. */
public final class WireNames {
    private WireNames() {}

    /** The constant's name. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The constant of that name, if there is one. */
    public static <E extends Enum<E>> Optional<E> named(Class<E> type, String wireName) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> of(constant).equals(wireName))
                .findFirst();
    }

    /** All names, for messages. */
    static <E extends Enum<E>> String all(Class<E> type) {
        return all(EnumSet.allOf(type));
    }

    /** The names of {@code constants}, for messages. */
    static String all(Collection<? extends Enum<?>> constants) {
        return constants.stream().map(WireNames::of).collect(Collectors.joining(", "));
    }
}
