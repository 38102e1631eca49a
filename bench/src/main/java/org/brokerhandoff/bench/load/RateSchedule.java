package org.brokerhandoff.bench.load;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The rates at which requests are due, one phase after the other without a pause.
 *
 * @param phases in their order
 */
public record RateSchedule(List<Phase> phases) {
    /**
     * A phase with a constant rate.
     *
     * @param perSecond requests per second
     * @param seconds duration
     */
    public record Phase(int perSecond, int seconds) {
        int requests() {
            return perSecond * seconds;
        }
    }

    /** Copies the list. */
    public RateSchedule {
        phases = List.copyOf(phases);
    }

    /** Total number of requests. */
    public int requests() {
        return phases.stream().mapToInt(Phase::requests).sum();
    }

    /** The due time of a request, in nanoseconds since the start; requests beyond the last count as due with it. */
    long dueNanos(int request) {
        long before = 0;
        int left = request;
        for (Phase phase : phases) {
            if (left < phase.requests()) {
                return before + left * TimeUnit.SECONDS.toNanos(1) / phase.perSecond();
            }
            left -= phase.requests();
            before += TimeUnit.SECONDS.toNanos(phase.seconds());
        }
        return before;
    }

    /** The number of the phase in which a request is due. */
    public int phaseOf(int request) {
        int left = request;
        int number = 0;
        while (number < phases.size() - 1 && left >= phases.get(number).requests()) {
            left -= phases.get(number).requests();
            number++;
        }
        return number;
    }

    /** As {@link #parse} reads it: {@code 500x10,1000x20}. */
    @Override
    public String toString() {
        return phases.stream()
                .map(phase -> phase.perSecond() + "x" + phase.seconds())
                .collect(Collectors.joining(","));
    }

    /** Parses the form of {@link #toString}. */
    static RateSchedule parse(String text) {
        return new RateSchedule(Arrays.stream(text.split(",", -1))
                .map(phase -> phase.split("x", -1))
                .map(parts -> new Phase(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])))
                .toList());
    }
}
