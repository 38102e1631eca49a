package org.brokerhandoff.country.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.operations.health.HealthCheck;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules in force in a service. A version, also the first, is published before the service goes by it, so that an auditor knows by which
 * rules it did anything. The file is read again at each {@link #look}, and compared by content; a version with problems is not used, and the
 * one before it stays. Without a file the version without any rule is published, which ends what an earlier file said.
 */
public final class CountryRulesWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CountryRulesWatch.class);

    private final Optional<Path> file;
    private final Function<CountryRules, CompletionStage<?>> publish;
    private volatile @Nullable CountryRules inForce;
    private volatile List<CountryRulesProblem> problems = List.of();
    private volatile boolean publishing;
    /** What the service shall go by, and the contents it was read from; used by the thread that looks. */
    private CountryRules wanted;

    private String contents;

    /**
     * A watch of {@code file}, which is read now.
     *
     * @param publish publishes a version; the stage completes when that is acknowledged
     * @throws InvalidCountryRules with all problems together
     */
    public CountryRulesWatch(Optional<Path> file, Function<CountryRules, CompletionStage<?>> publish) {
        this.file = file;
        this.publish = publish;
        this.wanted = CountryRules.NONE;
        this.contents = "";
        if (file.isPresent()) {
            CountryRulesFile.Reading first = CountryRulesFile.reading(file.get());
            if (first.parsed() instanceof ParsedCountryRules.Invalid invalid) {
                throw new InvalidCountryRules(file.get(), invalid.problems());
            }
            this.wanted = ((ParsedCountryRules.Valid) first.parsed()).rules();
            this.contents = first.contents();
        }
    }

    /** The rules to go by, to be read once for each request; empty until the first version is published. */
    public Optional<CountryRules> inForce() {
        return Optional.ofNullable(inForce);
    }

    /** Reads the file again, and publishes what is not in force yet. To be called by one thread, every few seconds, once the topics exist. */
    public void look() {
        if (publishing) {
            return;
        }
        file.ifPresent(this::read);
        if (!wanted.equals(inForce)) {
            take(wanted);
        }
    }

    private void read(Path path) {
        CountryRulesFile.Reading reading = CountryRulesFile.reading(path);
        if (reading.contents().equals(contents)) {
            return;
        }
        contents = reading.contents();
        if (reading.parsed() instanceof ParsedCountryRules.Invalid invalid) {
            problems = invalid.problems();
            LOG.error(
                    "the rules per country have {} problem(s); the previous version stays in force: {}",
                    invalid.problems().size(),
                    invalid.problems().stream()
                            .map(CountryRulesProblem::toString)
                            .collect(Collectors.joining("; ")));
        } else if (reading.parsed() instanceof ParsedCountryRules.Valid valid) {
            problems = List.of();
            wanted = valid.rules();
        }
    }

    private void take(CountryRules next) {
        publishing = true;
        CompletionStage<?> published;
        try {
            published = publish.apply(next);
        } catch (RuntimeException e) {
            publishing = false;
            LOG.warn(
                    "publishing the rules per country failed, and is retried: {}",
                    e.getClass().getSimpleName());
            return;
        }
        var unused = published.whenComplete((acknowledged, failure) -> {
            if (failure == null) {
                inForce = next;
                LOG.info("rules for {} countries are in force", next.byCountry().size());
            } else {
                LOG.warn("the rules per country are published again soon");
            }
            publishing = false;
        });
    }

    /** Tells of a file that is not in force because of its problems. */
    public HealthCheck health() {
        return HealthCheck.of("country-rules", () -> {
            List<CountryRulesProblem> wrong = problems;
            return wrong.isEmpty()
                    ? Health.healthy()
                    : Health.impaired(
                            "country-rules-invalid",
                            "the rules per country in use are older than their file, which has " + wrong.size()
                                    + " problem(s); the log lists them");
        });
    }
}
