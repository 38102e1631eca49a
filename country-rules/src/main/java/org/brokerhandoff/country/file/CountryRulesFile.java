package org.brokerhandoff.country.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.operations.configuration.StrictYaml;
import org.brokerhandoff.schemas.Digests;
import org.jspecify.annotations.Nullable;

/** Reads {@code countries.yaml} from where it stands. */
public final class CountryRulesFile {
    private CountryRulesFile() {}

    /**
     * What was read at one time.
     *
     * @param parsed the rules, or their problems
     * @param contents changes with the file's content; empty if it could not be read
     */
    public record Reading(ParsedCountryRules parsed, String contents) {}

    /**
     * The rules in {@code file}.
     *
     * @throws InvalidCountryRules with all problems together
     */
    public static CountryRules read(Path file) {
        ParsedCountryRules parsed = reading(file).parsed();
        if (parsed instanceof ParsedCountryRules.Invalid invalid) {
            throw new InvalidCountryRules(file, invalid.problems());
        }
        return ((ParsedCountryRules.Valid) parsed).rules();
    }

    /** Reads the rules in {@code file}, and says by which contents. */
    public static Reading reading(Path file) {
        byte @Nullable [] content = bytes(file);
        return content == null
                ? new Reading(
                        new ParsedCountryRules.Invalid(
                                List.of(new CountryRulesProblem(0, "/", "must be a readable file", file.toString()))),
                        "")
                : new Reading(CountryRulesParser.parse(content), Digests.hex(Digests.sha256(content)));
    }

    /** One byte more than is taken at most: what is larger is told, and not read. */
    private static byte @Nullable [] bytes(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return stream.readNBytes(StrictYaml.MOST_BYTES + 1);
        } catch (IOException e) {
            return null;
        }
    }
}
