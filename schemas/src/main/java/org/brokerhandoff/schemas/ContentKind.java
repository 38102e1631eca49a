package org.brokerhandoff.schemas;

import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.brokerhandoff.ledger.entry.EntryText;

/**
 * The closed list of what a string in an event may be. A schema names the kind in the property {@code content} of the string's
 * type; a string without one cannot be published. None of the kinds can hold personal data: the only one with free text,
 * {@link #PUBLISHED_TEXT}, is limited to what an operator publishes about brokers, and to the record that does so.
 */
public enum ContentKind {
    /** Id of a broker in the directory: 1 to 64 of a-z, 0-9 and hyphen. */
    BROKER_ID("broker-id") {
        @Override
        public boolean matches(String text) {
            return lengthWithin(text, 1, 64) && text.chars().allMatch(c -> lower(c) || digit(c) || c == '-');
        }
    },
    /** Owner of API keys, as the operator's key file names it; never from a request: 1 to 64 of a-z, 0-9 and hyphen. */
    KEY_OWNER("key-owner") {
        @Override
        public boolean matches(String text) {
            return BROKER_ID.matches(text);
        }
    },
    /** Id of an API key, as the operator's key file names it; never from a request: 1 to 64 of a-z, 0-9 and hyphen. */
    KEY_ID("key-id") {
        @Override
        public boolean matches(String text) {
            return BROKER_ID.matches(text);
        }
    },
    /** Version of a published policy: 1 to 64 of letters, digits, dot, underscore and hyphen. */
    POLICY_VERSION("policy-version") {
        @Override
        public boolean matches(String text) {
            return lengthWithin(text, 1, 64)
                    && text.chars().allMatch(c -> lower(c) || upper(c) || digit(c) || c == '.' || c == '_' || c == '-');
        }
    },
    /** Name of a free member of a signup, as the operator's file lists it; never from a request: 1 to 40 letters, digits, underscores. */
    MEMBER_NAME("member-name") {
        @Override
        public boolean matches(String text) {
            return lengthWithin(text, 1, 40)
                    && text.chars().allMatch(c -> lower(c) || upper(c) || digit(c) || c == '_');
        }
    },
    /** Country code, ISO 3166-1 alpha-2. */
    COUNTRY("country") {
        @Override
        public boolean matches(String text) {
            return text.length() == 2 && upper(text.charAt(0)) && upper(text.charAt(1));
        }
    },
    /** A country code, or {@code *} for all. */
    COUNTRY_PATTERN("country-pattern") {
        @Override
        public boolean matches(String text) {
            return "*".equals(text) || COUNTRY.matches(text);
        }
    },
    /** Language tag of BCP 47, reduced to a known language, script and region: see {@link LanguageTags}. */
    LANGUAGE_TAG("language-tag") {
        @Override
        public boolean matches(String text) {
            return LanguageTags.reduced(text);
        }
    },
    /** Basis of a transfer, such as EEA or SCC: 1 to 32 of A-Z, 0-9, underscore and hyphen. */
    TRANSFER_BASIS("transfer-basis") {
        @Override
        public boolean matches(String text) {
            return lengthWithin(text, 1, 32)
                    && text.chars().allMatch(c -> upper(c) || digit(c) || c == '_' || c == '-');
        }
    },
    /** Name of a time zone in the IANA database. */
    TIME_ZONE("time-zone") {
        @Override
        public boolean matches(String text) {
            return TIME_ZONES.contains(text);
        }
    },
    /** Days and times of a week: {@code Mon-Fri 08:00-18:00}, {@code Sat,Sun 10:00-24:00}. */
    OPENING_HOURS("opening-hours") {
        @Override
        public boolean matches(String text) {
            return OPENING_HOURS_FORM.matcher(text).matches();
        }
    },
    /** Text that the operator publishes about a broker: at most 512 characters. */
    PUBLISHED_TEXT("published-text") {
        @Override
        public boolean matches(String text) {
            return lengthWithin(text, 0, 512);
        }
    },
    /** Origin of a ledger, as the operator's settings name it: 1 to 200 of letters, digits, dot, colon, slash, underscore and hyphen. */
    LEDGER_ORIGIN("ledger-origin") {
        @Override
        public boolean matches(String text) {
            return EntryText.isOrigin(text);
        }
    },
    /** Entry of a ledger: hashes, offsets and times in the one form that its grammar allows. */
    LEDGER_ENTRY("ledger-entry") {
        @Override
        public boolean matches(String text) {
            return LedgerTexts.isEntry(text);
        }
    },
    /** Signed checkpoint of a ledger: origin, size, root and signatures. */
    SIGNED_CHECKPOINT("signed-checkpoint") {
        @Override
        public boolean matches(String text) {
            return LedgerTexts.isSignedCheckpoint(text);
        }
    };

    private static final Set<String> TIME_ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());
    private static final String DAY = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    private static final String DAYS = DAY + "(-" + DAY + ")?";
    private static final String TIME = "([01][0-9]|2[0-3]):[0-5][0-9]";
    private static final Pattern OPENING_HOURS_FORM =
            Pattern.compile(DAYS + "(," + DAYS + ")* " + TIME + "-(" + TIME + "|24:00)");

    private final String schemaName;

    ContentKind(String schemaName) {
        this.schemaName = schemaName;
    }

    /** The kind's name in a schema's {@code content} property. */
    public String schemaName() {
        return schemaName;
    }

    /** Whether {@code text} has this kind's form. */
    public abstract boolean matches(String text);

    /** The kind that a schema names, if there is one of that name. */
    public static Optional<ContentKind> named(String schemaName) {
        return Arrays.stream(values())
                .filter(kind -> kind.schemaName.equals(schemaName))
                .findFirst();
    }

    private static boolean lengthWithin(String text, int least, int most) {
        return text.length() >= least && text.length() <= most;
    }

    private static boolean lower(int c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean upper(int c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }
}
