package org.brokerhandoff.register;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Ends of the log that a register has passed, each as of the time of the query: what the register does not have at such positions was not
 * acknowledged then.
 */
public final class PassedEnds {
    private final Optional<LogSource> source;
    private final Map<LogPartition, Long> ends;

    /** Ends of the log that {@code source} names. */
    PassedEnds(LogSource source, Map<LogPartition, Long> ends) {
        this(Optional.of(source), ends);
    }

    private PassedEnds(Optional<LogSource> source, Map<LogPartition, Long> ends) {
        this.source = source;
        this.ends = Map.copyOf(ends);
    }

    /** All of these. */
    static PassedEnds all(Collection<PassedEnds> several) {
        Map<LogPartition, Long> ends = new HashMap<>();
        several.forEach(each -> each.ends.forEach((partition, end) -> ends.merge(partition, end, Math::max)));
        return new PassedEnds(
                several.stream().flatMap(each -> each.source.stream()).findFirst(), ends);
    }

    /** Whether {@code view}, of a register of this log, has passed them all. */
    boolean passedBy(RegisterView view) {
        return source.isEmpty() || passedBy(view.positions(source.get()));
    }

    /** Whether a register at {@code positions} has passed them all. */
    boolean passedBy(Map<LogPartition, Long> positions) {
        return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }
}
