package org.brokerhandoff.audit.live;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which of the work is shown: the query of the page's address, so that a choice survives a reload and can be linked.
 *
 * @param kind empty: every kind
 * @param broker empty: any
 */
record WorkFilter(Optional<Work.Kind> kind, Due due, Optional<String> broker) {
    static final WorkFilter EVERYTHING = new WorkFilter(Optional.empty(), Due.ANY, Optional.empty());

    /** Range of deadlines. */
    enum Due {
        /** Any deadline, or none. */
        ANY,
        /** Overdue. */
        OVERDUE,
        /** Within a day, or overdue. */
        DAY,
        /** Within a week, or overdue. */
        WEEK,
        /** Escalated, whatever its deadline. */
        ESCALATED
    }

    /** The filter of a query, by its parameters; empty if a value is unknown. */
    static Optional<WorkFilter> of(Function<String, Optional<String>> parameter) {
        Optional<String> kind = parameter.apply("kind").filter(text -> !text.isEmpty());
        Optional<String> due = parameter.apply("due").filter(text -> !text.isEmpty());
        Optional<Work.Kind> known = kind.flatMap(text -> constant(Work.Kind.values(), text));
        Optional<Due> until = due.isEmpty() ? Optional.of(Due.ANY) : constant(Due.values(), due.get());
        if (until.isEmpty() || kind.isPresent() != known.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                new WorkFilter(known, until.get(), parameter.apply("broker").filter(text -> !text.isEmpty())));
    }

    private static <E extends Enum<E>> Optional<E> constant(E[] values, String text) {
        return Arrays.stream(values).filter(value -> value(value).equals(text)).findFirst();
    }

    /** Name of a constant in a query. */
    static String value(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The equivalent query; empty if everything is shown. */
    String query() {
        List<String> parts = new ArrayList<>();
        kind.ifPresent(wanted -> parts.add("kind=" + value(wanted)));
        if (due != Due.ANY) {
            parts.add("due=" + value(due));
        }
        broker.ifPresent(id -> parts.add("broker=" + URLEncoder.encode(id, StandardCharsets.UTF_8)));
        return parts.isEmpty() ? "" : "?" + String.join("&", parts);
    }

    /** The part of {@code work} that it selects. */
    List<Work> of(List<Work> work, Instant now) {
        return work.stream().filter(each -> shows(each, now)).toList();
    }

    private boolean shows(Work work, Instant now) {
        boolean time = switch (due) {
            case ANY -> true;
            case OVERDUE -> work.overdue(now);
            case DAY -> work.overdue(now.plus(Duration.ofDays(1)));
            case WEEK -> work.overdue(now.plus(Duration.ofDays(7)));
            case ESCALATED -> work.escalated();
        };
        return time
                && kind.filter(wanted -> wanted != work.kind()).isEmpty()
                && broker.filter(wanted -> work.broker().filter(wanted::equals).isEmpty())
                        .isEmpty();
    }
}
