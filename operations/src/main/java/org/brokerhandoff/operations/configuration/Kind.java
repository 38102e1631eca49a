package org.brokerhandoff.operations.configuration;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The permitted values of a setting.
 *
 * @param rule the allowed values, to complete "must be …"
 * @param parser parses a text; empty if the text violates the rule
 */
public record Kind<T>(String rule, Function<String, Optional<T>> parser) {

    public Kind {
        requireNonNull(rule, "rule");
        requireNonNull(parser, "parser");
    }

    static Kind<String> text(String rule, String pattern) {
        Pattern whole = Pattern.compile(pattern);
        return new Kind<>(rule, text -> whole.matcher(text).matches() ? Optional.of(text) : Optional.<String>empty());
    }

    static Kind<String> oneOf(String... values) {
        List<String> allowed = List.of(values);
        return new Kind<>(
                "one of " + String.join(", ", allowed),
                text -> allowed.contains(text) ? Optional.of(text) : Optional.<String>empty());
    }

    /** Comma-separated texts, at least one; each matches {@code pattern}. */
    static Kind<List<String>> texts(String rule, String pattern) {
        Pattern whole = Pattern.compile(pattern);
        return new Kind<>(rule, text -> {
            List<String> parts =
                    Arrays.stream(text.split(",", -1)).map(String::strip).toList();
            return parts.stream().allMatch(part -> whole.matcher(part).matches())
                    ? Optional.of(parts)
                    : Optional.<List<String>>empty();
        });
    }

    static Kind<Path> path() {
        return new Kind<>("a path", text -> {
            try {
                return Optional.of(Path.of(text));
            } catch (InvalidPathException invalid) {
                return Optional.empty();
            }
        });
    }

    static Kind<List<Path>> paths() {
        Kind<Path> path = path();
        return new Kind<>("one path or several separated by commas", text -> {
            List<Optional<Path>> parts = Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .map(part -> part.isEmpty() ? Optional.<Path>empty() : path.parse(part))
                    .toList();
            return parts.stream().allMatch(Optional::isPresent)
                    ? Optional.of(parts.stream().flatMap(Optional::stream).toList())
                    : Optional.empty();
        });
    }

    /** Address of another service of this installation. */
    static Kind<URI> origin() {
        return new Kind<>("http:// or https:// with a host and optionally a port, and nothing after it", text -> {
            try {
                URI uri = new URI(text);
                boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                boolean bare = uri.getRawUserInfo() == null
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null
                        && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
                return web && uri.getHost() != null && bare ? Optional.of(uri) : Optional.empty();
            } catch (URISyntaxException invalid) {
                return Optional.empty();
            }
        });
    }

    static Kind<Integer> integer(int least, int most) {
        return new Kind<>("a whole number from " + least + " to " + most, text -> {
            try {
                int number = Integer.parseInt(text);
                return number >= least && number <= most ? Optional.of(number) : Optional.empty();
            } catch (NumberFormatException invalid) {
                return Optional.empty();
            }
        });
    }

    /** As {@link #integer}, except one number between the limits, for {@code reason}. */
    static Kind<Integer> integerBut(int least, int most, int excluded, String reason) {
        Kind<Integer> all = integer(least, most);
        return new Kind<>(
                all.rule() + ", but not " + excluded + ", " + reason,
                text -> all.parse(text).filter(number -> number != excluded));
    }

    /** Both limits are ISO 8601 durations and inclusive. */
    static Kind<Duration> duration(String least, String most) {
        Duration shortest = Duration.parse(least);
        Duration longest = Duration.parse(most);
        return new Kind<>("an ISO 8601 duration from " + least + " to " + most, text -> {
            try {
                Duration duration = Duration.parse(text);
                return duration.compareTo(shortest) >= 0 && duration.compareTo(longest) <= 0
                        ? Optional.of(duration)
                        : Optional.empty();
            } catch (DateTimeParseException invalid) {
                return Optional.empty();
            }
        });
    }

    Optional<T> parse(String text) {
        return parser.apply(text);
    }
}
