package org.brokerhandoff.pages;

import java.util.Locale;

/** How something is shown: never by colour alone. */
public enum Mood {
    /** As it should be. */
    GOOD,
    /** A person should look. */
    WATCH,
    /** Wrong. */
    BAD,
    /** Neither. */
    PLAIN;

    String styled() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A sign that can be distinguished without colour; empty for {@link #PLAIN}. */
    String sign() {
        return switch (this) {
            case GOOD -> "✓";
            case WATCH -> "!";
            case BAD -> "✕";
            case PLAIN -> "";
        };
    }
}
