package org.brokerhandoff.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;

/**
 * Calls whose result the machine's locale, charset or time zone decides: {@code %d} has other digits under an Arabic locale, and
 * {@code "PLAINTEXT"} another lower case under a Turkish one. Each has a variant that is told what to go by.
 */
final class DependsOnTheMachine extends DescribedPredicate<JavaCall<?>> {
    private static final String CONSTRUCTOR = "<init>";
    private static final String LOCALE = "java.util.Locale";
    private static final String CHARSET = "java.nio.charset.Charset";
    private static final Set<String> FORMATS = Set.of("format", "formatted", "printf");
    private static final Set<String> TEXT_STREAMS = Set.of(
            "java.io.FileReader", "java.io.FileWriter", "java.io.InputStreamReader", "java.io.OutputStreamWriter");
    private static final Set<String> PRINTERS = Set.of("java.io.PrintStream", "java.io.PrintWriter");
    private static final Set<String> LOCALIZED = Set.of(
            "java.util.Formatter",
            "java.util.Scanner",
            "java.text.SimpleDateFormat",
            "java.text.DecimalFormat",
            "java.text.MessageFormat");
    private static final Set<String> LOCALIZED_BY_FACTORY =
            Set.of("java.text.NumberFormat", "java.text.DateFormat", "java.text.Collator", "java.util.Calendar");
    private static final Set<String> LOCAL_TIMES = Set.of(
            "java.time.LocalDate",
            "java.time.LocalTime",
            "java.time.LocalDateTime",
            "java.time.ZonedDateTime",
            "java.time.OffsetDateTime",
            "java.time.Year",
            "java.time.YearMonth");

    DependsOnTheMachine() {
        super("depends on the machine's locale, charset or time zone");
    }

    @Override
    public boolean test(JavaCall<?> call) {
        String owner = call.getTargetOwner().getName();
        String name = call.getName();
        List<String> parameters = call.getTarget().getRawParameterTypes().stream()
                .map(JavaClass::getName)
                .toList();
        if (name.equals(CONSTRUCTOR)) {
            return constructor(owner, parameters);
        }
        if (owner.equals("java.lang.String") || PRINTERS.contains(owner)) {
            return text(name, parameters);
        }
        return factory(owner, name, parameters);
    }

    private static boolean constructor(String owner, List<String> parameters) {
        boolean bytes = TEXT_STREAMS.contains(owner)
                || (PRINTERS.contains(owner) && parameters.contains("java.io.OutputStream"))
                || (owner.equals("java.lang.String") && parameters.equals(List.of("[B")));
        boolean charset = parameters.contains(CHARSET) || parameters.contains("java.lang.String");
        return (bytes && !charset) || (LOCALIZED.contains(owner) && !parameters.contains(LOCALE));
    }

    private static boolean text(String name, List<String> parameters) {
        boolean format = FORMATS.contains(name) && !parameters.contains(LOCALE);
        return format || (Set.of("toLowerCase", "toUpperCase", "getBytes").contains(name) && parameters.isEmpty());
    }

    private static boolean factory(String owner, String name, List<String> parameters) {
        return switch (owner) {
            case "java.util.Locale", "java.util.TimeZone" -> name.equals("getDefault");
            case "java.nio.charset.Charset" -> name.equals("defaultCharset");
            case "java.time.ZoneId" -> name.equals("systemDefault");
            case "java.time.Clock" -> name.equals("systemDefaultZone");
            case "java.time.format.DateTimeFormatter" ->
                name.startsWith("ofLocalized") || (name.equals("ofPattern") && !parameters.contains(LOCALE));
            default ->
                (LOCAL_TIMES.contains(owner) && name.equals("now") && parameters.isEmpty())
                        || (LOCALIZED_BY_FACTORY.contains(owner)
                                && name.endsWith("nstance")
                                && !parameters.contains(LOCALE));
        };
    }
}
