package org.brokerhandoff.quickstart.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.quickstart.observe.Life;

/**
 * How long one stage of a signup's life took.
 *
 * @param count signups that went through it
 * @param medianMillis half of them took no longer
 * @param percentile99Millis 99 % of them took no longer
 */
public record Stage(long count, long medianMillis, long percentile99Millis) {
    /** The stages of {@code lives}, in their order, by name. */
    public static Map<String, Stage> of(Collection<Life> lives) {
        Map<String, Stage> stages = new LinkedHashMap<>();
        stages.put("accepted to assigned", stage(lives, Life::receivedAt, Life::assignedAt));
        stages.put(
                "assigned to sent",
                stage(lives, Life::assignedAt, life -> life.delivered().map(Delivered::getStartedAt)));
        stages.put(
                "sent to confirmed",
                stage(
                        lives,
                        life -> life.delivered().map(Delivered::getStartedAt),
                        life -> life.delivered().map(Delivered::getAcceptedAt)));
        stages.put(
                "confirmed to key destroyed",
                stage(
                        lives,
                        life -> life.delivered().map(Delivered::getAcceptedAt),
                        life -> life.purged().map(Purged::getKeyErasedAt)));
        stages.put(
                "key destroyed to purged",
                stage(
                        lives,
                        life -> life.purged().map(Purged::getKeyErasedAt),
                        life -> life.purged().map(Purged::getPurgedAt)));
        stages.put(
                "accepted to purged",
                stage(lives, Life::receivedAt, life -> life.purged().map(Purged::getPurgedAt)));
        return stages;
    }

    private static Stage stage(
            Collection<Life> lives, Function<Life, Optional<Instant>> from, Function<Life, Optional<Instant>> to) {
        Histogram histogram = new Histogram(3);
        for (Life life : lives) {
            Optional<Instant> start = from.apply(life);
            Optional<Instant> end = to.apply(life);
            if (start.isPresent() && end.isPresent() && !end.get().isBefore(start.get())) {
                histogram.recordValue(Duration.between(start.get(), end.get()).toMillis());
            }
        }
        return new Stage(
                histogram.getTotalCount(), histogram.getValueAtPercentile(50), histogram.getValueAtPercentile(99));
    }
}
