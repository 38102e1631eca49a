package org.brokerhandoff.audit.authority;

import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words of a document in one language. */
public final class Wording {
    private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

    private static final DateTimeFormatter TO_THE_SECOND = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final List<ResourceBundle> texts;
    private final Locale locale;

    private Wording(Locale locale, List<ResourceBundle> texts) {
        this.locale = locale;
        this.texts = texts;
    }

    private static ResourceBundle bundle(String name, Locale locale) {
        return ResourceBundle.getBundle(
                name, locale, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    /** Tags of the available languages. */
    public static List<String> languages() {
        return List.of("en", "nb");
    }

    /** The words in a language, if available. */
    public static Optional<Wording> in(String language) {
        return languages().contains(language) ? Optional.of(of(Locale.forLanguageTag(language))) : Optional.empty();
    }

    private static Wording of(Locale locale) {
        return new Wording(locale, List.of(bundle("org.brokerhandoff.audit.authority.wording", locale)));
    }

    /** These words, overridden by another bundle in the same languages. */
    public Wording and(String bundle) {
        return new Wording(
                locale,
                Stream.concat(Stream.of(bundle(bundle, locale)), texts.stream()).toList());
    }

    /** Its BCP 47 tag. */
    public String language() {
        return locale.toLanguageTag();
    }

    /** A text with its placeholders filled, verbatim. */
    public String of(String key, Object... values) {
        // Not MessageFormat, which has its own rules for quotes and numbers.
        return PLACE.matcher(text(key))
                .replaceAll(
                        place -> Matcher.quoteReplacement(String.valueOf(values[Integer.parseInt(place.group(1))])));
    }

    /**
     * A text about a number, which fills the placeholder {@code {0}}: {@code key.one} for one, if present.
     *
     * @param more texts for the placeholders from {@code {1}} on
     */
    public String counted(String key, long count, Object... more) {
        Object[] values = new Object[more.length + 1];
        values[0] = number(count);
        System.arraycopy(more, 0, values, 1, more.length);
        return of(count == 1 && has(key + ".one") ? key + ".one" : key, values);
    }

    private boolean has(String key) {
        return texts.stream().anyMatch(bundle -> bundle.containsKey(key));
    }

    private String text(String key) {
        return texts.stream()
                .filter(bundle -> bundle.containsKey(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no text is called " + key))
                .getString(key);
    }

    /** The name of a country, with its code; only the code if the country does not exist. */
    public String country(String code) {
        String name = new Locale("", code).getDisplayCountry(locale);
        return name.isEmpty() || name.equals(code) ? code : name + " (" + code + ")";
    }

    /** The name of an enum's constant. */
    public String of(Enum<?> constant) {
        return text(constant.getDeclaringClass().getSimpleName() + "." + constant.name());
    }

    /** A count with thousands separators. */
    public String number(long count) {
        return NumberFormat.getIntegerInstance(locale).format(count);
    }

    /** A time to the second, in UTC. */
    public String time(Instant at) {
        return TO_THE_SECOND.format(at);
    }

    /** A duration in its two largest units; below a minute, to the tenth of a second. */
    public String duration(Duration duration) {
        if (duration.toMinutes() == 0) {
            return String.format(locale, "%.1f s", duration.toMillis() / 1000.0);
        } else if (duration.toHours() == 0) {
            return two(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
        }
        return duration.toDays() == 0
                ? two(duration.toHours(), "h", duration.toMinutesPart(), "min")
                : two(duration.toDays(), "d", duration.toHoursPart(), "h");
    }

    private static String two(long large, String unit, int small, String smallUnit) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
