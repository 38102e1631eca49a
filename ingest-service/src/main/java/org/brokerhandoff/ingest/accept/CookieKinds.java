package org.brokerhandoff.ingest.accept;

import java.util.Arrays;
import java.util.Optional;
import org.brokerhandoff.event.CookieKind;

/** The kinds of cookies as members of a choice. */
public final class CookieKinds {
    static final String KNOWN = "necessary, analytics, thirdParty";

    private CookieKinds() {}

    /** The member's name. */
    public static String nameOf(CookieKind kind) {
        return switch (kind) {
            case NECESSARY -> "necessary";
            case ANALYTICS -> "analytics";
            case THIRD_PARTIES -> "thirdParty";
        };
    }

    /** The kind of that name, if there is one. */
    static Optional<CookieKind> named(String name) {
        return Arrays.stream(CookieKind.values())
                .filter(kind -> nameOf(kind).equals(name))
                .findFirst();
    }
}
