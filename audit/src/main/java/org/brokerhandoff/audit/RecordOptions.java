package org.brokerhandoff.audit;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.audit.listing.Selection;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that select records. */
final class RecordOptions {
    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec command;

    @Option(
            names = "--topic",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Only this topic, without the installation's prefix; may be repeated (default: consents, handoffs, places and purges, but not checkpoints).")
    @Nullable
    List<String> topics;

    @Option(
            names = "--type",
            split = ",",
            paramLabel = "NAME",
            description = "Only events of this type, such as Delivered; may be repeated.")
    @Nullable
    List<String> types;

    @Option(
            names = "--signup",
            paramLabel = "ID",
            description = "Only events that name this signup or visitor, or are keyed by it.")
    @Nullable
    UUID signup;

    @Option(names = "--broker", paramLabel = "ID", description = "Only events that name this broker.")
    @Nullable
    String broker;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only what was appended then or later: RFC 3339, with offset, or a duration before now, such as PT10M.")
    @Nullable
    String since;

    /** Start time, if the command line gives one. */
    Optional<Instant> since(Instant now) {
        return Optional.ofNullable(since).map(text -> moment("--since", text, now));
    }

    /** A point in time, or a duration before {@code now}. */
    Instant moment(String option, String text, Instant now) {
        try {
            return text.startsWith("P")
                    ? now.minus(Duration.parse(text))
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | ArithmeticException e) {
            throw misused(option + " is neither a time such as 2026-11-29T12:00:00Z nor a duration such as PT10M");
        }
    }

    /** The topics that are read, in the order of the catalogue. */
    List<Topic> topics() {
        if (topics == null) {
            return Topic.inLedger();
        }
        List<Topic> kept = kept().toList();
        for (String name : topics) {
            if (kept.stream().noneMatch(topic -> topic.baseName().equals(name))) {
                throw misused("--topic is one of "
                        + kept.stream().map(Topic::baseName).collect(Collectors.joining(", ")));
            }
        }
        return kept.stream().filter(topic -> topics.contains(topic.baseName())).toList();
    }

    /** The event types that are listed, without their namespace; all if empty. */
    Set<String> types() {
        if (types == null) {
            return Set.of();
        }
        Set<String> known = kept().flatMap(topic -> topic.recordTypes().stream())
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
        if (!known.containsAll(types)) {
            throw misused("--type is one of " + known.stream().sorted().collect(Collectors.joining(", ")));
        }
        return new LinkedHashSet<>(types);
    }

    /** Which records are listed. */
    Selection selection(Optional<Instant> since, Optional<Instant> until) {
        return new Selection(types(), Optional.ofNullable(signup), Optional.ofNullable(broker), since, until);
    }

    private static Stream<Topic> kept() {
        return Arrays.stream(Topic.values()).filter(Topic::kept).sorted(Comparator.naturalOrder());
    }

    /** Reports a command line error; picocli prints it with the usage, and exits with 2. */
    ParameterException misused(String why) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), why);
    }
}
