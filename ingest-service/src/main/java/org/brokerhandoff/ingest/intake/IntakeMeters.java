package org.brokerhandoff.ingest.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Counts signups by outcome and times the steps. */
public final class IntakeMeters {
    /** Outcome of a request. */
    enum Label {
        ACCEPTED,
        REPLAYED,
        SPENT,
        CONFLICT,
        UNAVAILABLE,
        MALFORMED,
        INVALID,
        POLICY_REFUSED
    }

    /** A step that is timed. */
    enum Stage {
        RESERVE,
        HOLD,
        CONSENT,
        SIGNUP,
        TOTAL
    }

    private static final Duration[] BUCKETS = Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 1000, 5000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<Label, Counter> outcomes = new EnumMap<>(Label.class);
    private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);

    /** Registers the meters. */
    public IntakeMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Label label : Label.values()) {
            outcomes.put(
                    label,
                    Counter.builder("handoff.signups")
                            .description("Signup requests by outcome")
                            .tag("outcome", name(label))
                            .register(registry));
        }
        for (Stage stage : Stage.values()) {
            stages.put(
                    stage,
                    Timer.builder("handoff.signup.stage")
                            .description("Time of each step of a signup until it is durable or acknowledged")
                            .tag("stage", name(stage))
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
    }

    void underWay(Supplier<Number> count) {
        Gauge.builder("handoff.signups.under.way", count).register(registry);
    }

    void counted(IntakeOutcome outcome) {
        count(label(outcome));
    }

    /** The outcome that {@code answer} counts as. */
    static Label label(SignupAnswer answer) {
        if (answer instanceof SignupAnswer.Taken taken) {
            return label(taken.outcome());
        } else if (answer instanceof SignupAnswer.Malformed) {
            return Label.MALFORMED;
        }
        return answer instanceof SignupAnswer.Invalid ? Label.INVALID : Label.POLICY_REFUSED;
    }

    private static Label label(IntakeOutcome outcome) {
        if (outcome instanceof IntakeOutcome.Accepted accepted) {
            return accepted.replayed() ? Label.REPLAYED : Label.ACCEPTED;
        } else if (outcome instanceof IntakeOutcome.Spent) {
            return Label.SPENT;
        }
        return outcome instanceof IntakeOutcome.Conflict ? Label.CONFLICT : Label.UNAVAILABLE;
    }

    void malformed() {
        count(Label.MALFORMED);
    }

    void invalid() {
        count(Label.INVALID);
    }

    void policyRefused() {
        count(Label.POLICY_REFUSED);
    }

    /** Records that {@code stage}, begun at {@code beganNanos}, ended; returns its end. */
    long ended(Stage stage, long beganNanos) {
        long now = System.nanoTime();
        Timer timer = stages.get(stage);
        if (timer != null) {
            timer.record(now - beganNanos, TimeUnit.NANOSECONDS);
        }
        return now;
    }

    private void count(Label label) {
        Counter counter = outcomes.get(label);
        if (counter != null) {
            counter.increment();
        }
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
