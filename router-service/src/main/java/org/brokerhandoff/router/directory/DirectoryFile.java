package org.brokerhandoff.router.directory;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.country.file.CountryRulesFile;
import org.brokerhandoff.country.file.ParsedCountryRules;
import org.brokerhandoff.schemas.EventCodec;

/** Reads {@code brokers.yaml} and the files it names, which stand relative to it, and {@code countries.yaml}. */
public final class DirectoryFile {
    private DirectoryFile() {}

    /**
     * What was read at one time.
     *
     * @param parsed the directory, or its problems
     * @param contents made of digests over the file and all the files it names: changes with any of them, so also where
     *     only a secret has changed, which the directory's own digest says nothing of
     * @param changedAt when the newest of these files was written; {@link Instant#EPOCH} if none could be read
     */
    public record Reading(ParsedDirectory parsed, String contents, Instant changedAt) {}

    /** Reads the directory in {@code file}. */
    public static ParsedDirectory read(Path file, EventCodec codec) {
        return reading(file, codec).parsed();
    }

    /**
     * Reads the directory in {@code file} and the rules per country that it is used under, and says by which contents. The problems of both
     * are told together.
     *
     * @param countries file with the rules per country; without it, there are none
     */
    public static Reading reading(Path file, Optional<Path> countries, EventCodec codec) {
        Reading directory = reading(file, codec);
        return countries
                .map(rules -> under(directory, rules, CountryRulesFile.reading(rules), codec))
                .orElse(directory);
    }

    private static Reading under(Reading directory, Path file, CountryRulesFile.Reading countries, EventCodec codec) {
        List<DirectoryProblem> problems = new ArrayList<>();
        if (directory.parsed() instanceof ParsedDirectory.Invalid invalid) {
            problems.addAll(invalid.problems());
        }
        CountryRules rules = CountryRules.NONE;
        if (countries.parsed() instanceof ParsedCountryRules.Invalid invalid) {
            String name = String.valueOf(file.getFileName());
            invalid.problems()
                    .forEach(problem -> problems.add(new DirectoryProblem(
                            problem.line(), name + " " + problem.place(), problem.rule(), problem.found())));
        } else {
            rules = ((ParsedCountryRules.Valid) countries.parsed()).rules();
        }
        ParsedDirectory parsed = problems.isEmpty() && directory.parsed() instanceof ParsedDirectory.Valid valid
                ? new ParsedDirectory.Valid(BrokerDirectory.of(valid.directory().brokers(), rules, codec))
                : new ParsedDirectory.Invalid(problems);
        return new Reading(parsed, directory.contents() + " " + countries.contents(), directory.changedAt());
    }

    /** Reads the directory in {@code file} where no country has rules, and says by which contents. */
    public static Reading reading(Path file, EventCodec codec) {
        ReadFiles files = new ReadFiles(file);
        Optional<byte[]> yaml = files.yaml();
        ParsedDirectory parsed = yaml.isEmpty()
                ? new ParsedDirectory.Invalid(
                        List.of(new DirectoryProblem("/", "must be a readable file", file.toString())))
                : DirectoryParser.parse(yaml.get(), files, codec);
        return new Reading(parsed, files.contents(), files.changedAt());
    }
}
