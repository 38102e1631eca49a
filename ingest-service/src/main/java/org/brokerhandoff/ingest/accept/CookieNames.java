package org.brokerhandoff.ingest.accept;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.brokerhandoff.event.CookieChoiceMethod;
import org.brokerhandoff.event.CookieKind;

/** Kinds of cookies, and ways to choose them, as the HTTP interface writes them. */
public final class CookieNames {
    private CookieNames() {}

    /** The kind's name. */
    public static String of(CookieKind kind) {
        return wireName(kind);
    }

    /** The method's name. */
    public static String of(CookieChoiceMethod method) {
        return wireName(method);
    }

    static Optional<CookieKind> kind(String name) {
        return Arrays.stream(CookieKind.values())
                .filter(kind -> wireName(kind).equals(name))
                .findFirst();
    }

    /** The method of that name; a withdrawal is no way to choose. */
    static Optional<CookieChoiceMethod> method(String name) {
        return Arrays.stream(CookieChoiceMethod.values())
                .filter(method -> method != CookieChoiceMethod.WITHDRAWAL)
                .filter(method -> wireName(method).equals(name))
                .findFirst();
    }

    private static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
