package org.brokerhandoff.operations.configuration;

import static java.util.Comparator.comparingInt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The settings of one service, read from an environment that was validated as a whole. A blank variable counts as not set, because a
 * container's environment often spells it that way.
 */
public final class SettingsReader {

    private final Service service;
    private final Map<String, String> environment;

    private SettingsReader(Service service, Map<String, String> environment) {
        this.service = service;
        this.environment = environment;
    }

    /**
     * Checks everything that the service uses.
     *
     * @param environment variables by name; those that do not start with {@link Setting#PREFIX} are ignored
     * @throws InvalidConfiguration with all problems together: missing, malformed, contradictory and unknown settings
     */
    public static SettingsReader of(Map<String, String> environment, Service service) {
        SettingsReader reader = new SettingsReader(service, Map.copyOf(environment));
        List<ConfigurationProblem> problems = new ArrayList<>();
        for (Setting<?> setting : Settings.ALL) {
            if (setting.services().contains(service)) {
                reader.problemOf(setting).ifPresent(problems::add);
            }
        }
        problems.addAll(reader.contradictions());
        problems.addAll(unknownNames(environment));
        if (!problems.isEmpty()) {
            throw new InvalidConfiguration(service, problems);
        }
        return reader;
    }

    /**
     * The value of a setting that is required or has a default.
     *
     * @throws IllegalArgumentException if the setting may be absent, or the service does not use it
     */
    public <T> T get(Setting<T> setting) {
        if (!setting.isRequiredBy(service) && setting.defaultText().isEmpty()) {
            throw new IllegalArgumentException(setting + " may be absent: use find");
        }
        return find(setting).orElseThrow();
    }

    /**
     * The value of any setting, or empty if it is absent and has no default.
     *
     * @throws IllegalArgumentException if the service does not use the setting, so that it was not validated
     */
    public <T> Optional<T> find(Setting<T> setting) {
        if (!setting.services().contains(service)) {
            throw new IllegalArgumentException(service.commandName() + " does not use " + setting);
        }
        return text(setting).flatMap(setting.kind()::parse);
    }

    private Optional<String> text(Setting<?> setting) {
        return Optional.ofNullable(environment.get(setting.name()))
                .filter(text -> !text.isBlank())
                .or(setting::defaultText);
    }

    private Optional<ConfigurationProblem> problemOf(Setting<?> setting) {
        Optional<String> text = text(setting);
        if (text.isEmpty()) {
            return setting.isRequiredBy(service)
                    ? Optional.of(problem(setting, "be " + setting.kind().rule(), "nothing"))
                    : Optional.empty();
        }
        return setting.kind().parse(text.get()).isPresent()
                ? Optional.empty()
                : Optional.of(problem(setting, "be " + setting.kind().rule(), shown(setting, text.get())));
    }

    /** Settings that are valid individually but not together. None is silently clamped to its bound. */
    private List<ConfigurationProblem> contradictions() {
        return Stream.of(
                        notAbove(KeySettings.INITIAL_SLOTS, KeySettings.MAXIMUM_SLOTS),
                        perAddressNotAboveAll(),
                        notAbove(Settings.CONTACT_MAX_HOLD, Settings.MAX_HOLD),
                        notAbove(HandoffSettings.BACKOFF_INITIAL, HandoffSettings.BACKOFF_MAXIMUM),
                        parkedNotTooLong(),
                        notAbove(NoticeSettings.BACKOFF_INITIAL, NoticeSettings.BACKOFF_MAXIMUM),
                        notAbove(NoticeSettings.ESCALATE_AFTER, NoticeSettings.LIMIT),
                        notAbove(NoticeSettings.SETTLE_AFTER, NoticeSettings.LIMIT))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The default has no effect, and no contradiction, where the total of connections is lower. */
    private Optional<ConfigurationProblem> perAddressNotAboveAll() {
        return isSet(Settings.HTTP_MAX_CONNECTIONS_PER_ADDRESS)
                ? notAbove(Settings.HTTP_MAX_CONNECTIONS_PER_ADDRESS, Settings.HTTP_MAX_CONNECTIONS)
                : Optional.empty();
    }

    private Optional<ConfigurationProblem> parkedNotTooLong() {
        if (!HandoffSettings.PARKING_INTERVAL.services().contains(service)) {
            return Optional.empty();
        }
        Optional<Duration> longest = find(Settings.MAX_HOLD).map(HandoffSettings::longestParkingInterval);
        Optional<Duration> interval = find(HandoffSettings.PARKING_INTERVAL);
        if (interval.isEmpty() || longest.isEmpty() || interval.get().compareTo(longest.get()) <= 0) {
            return Optional.empty();
        }
        return Optional.of(problem(
                HandoffSettings.PARKING_INTERVAL,
                "not exceed a sixteenth of " + Settings.MAX_HOLD + ", which is " + longest.get(),
                found(HandoffSettings.PARKING_INTERVAL, Settings.MAX_HOLD)));
    }

    private boolean isSet(Setting<?> setting) {
        return !environment.getOrDefault(setting.name(), "").isBlank();
    }

    private <T extends Comparable<? super T>> Optional<ConfigurationProblem> notAbove(
            Setting<T> lower, Setting<T> upper) {
        if (!lower.services().contains(service)) {
            return Optional.empty();
        }
        Optional<T> lowerValue = find(lower);
        Optional<T> upperValue = find(upper);
        if (lowerValue.isEmpty() || upperValue.isEmpty() || lowerValue.get().compareTo(upperValue.get()) <= 0) {
            return Optional.empty();
        }
        return Optional.of(problem(lower, "not exceed " + upper, found(lower, upper)));
    }

    private String found(Setting<?> one, Setting<?> other) {
        return shown(one, text(one).orElseThrow())
                + " and "
                + shown(other, text(other).orElseThrow());
    }

    private static ConfigurationProblem problem(Setting<?> setting, String rule, String found) {
        return new ConfigurationProblem(setting.name(), rule, found);
    }

    private static String shown(Setting<?> setting, String text) {
        return setting.isSecret() ? "a value not shown here, since it may hold a password" : "\"" + text + "\"";
    }

    private static List<ConfigurationProblem> unknownNames(Map<String, String> environment) {
        List<String> known = Settings.ALL.stream().map(Setting::name).toList();
        List<ConfigurationProblem> problems = new ArrayList<>();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(Setting.PREFIX) && !known.contains(name)) {
                String nearest = known.stream()
                        .min(comparingInt(candidate -> editDistance(name, candidate)))
                        .orElseThrow();
                problems.add(new ConfigurationProblem(
                        name, "be the name of a setting", "an unknown name; did you mean " + nearest + "?"));
            }
        }
        return problems;
    }

    /** Levenshtein distance: insertions, deletions and replacements between two texts. */
    static int editDistance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = previous[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, Math.min(previous[column], current[column - 1]) + 1);
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
