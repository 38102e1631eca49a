package org.brokerhandoff.custody.cells.fitness;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What the database has to be like, so that what it has committed outlives its host. */
public enum DatabaseRequirement {
    /** A standby has what was committed. */
    STANDBY(
            "synchronous_standby_names",
            "name a standby in synchronous_standby_names, and let it follow",
            facts -> facts.settings()
                            .getOrDefault("synchronous_standby_names", "")
                            .isBlank()
                    ? Optional.of("none")
                    : Optional.empty()),
    /** A commit waits until the standby has it on its disk. */
    SYNCHRONOUS_COMMIT(
            "synchronous_commit",
            "set synchronous_commit on for this user and database",
            facts -> only(facts, "synchronous_commit", Set.of("on", "remote_apply"))),
    /** A power cut loses nothing. */
    FSYNC("fsync", "set fsync on", facts -> only(facts, "fsync", Set.of("on"))),
    /** As above. */
    FULL_PAGE_WRITES(
            "full_page_writes", "set full_page_writes on", facts -> only(facts, "full_page_writes", Set.of("on"))),
    /** It is the one that decides. */
    PRIMARY(
            "pg_is_in_recovery",
            "name the primary in the url, or all hosts with targetServerType=primary",
            facts -> facts.recovering() ? Optional.of("true") : Optional.empty());

    /** The settings that the rules read. */
    public static final List<String> SETTINGS =
            List.of("synchronous_standby_names", "synchronous_commit", "fsync", "full_page_writes");

    private final String label;
    private final String remedy;
    private final Function<DatabaseFacts, Optional<String>> wrong;

    DatabaseRequirement(String label, String remedy, Function<DatabaseFacts, Optional<String>> wrong) {
        this.label = label;
        this.remedy = remedy;
        this.wrong = wrong;
    }

    /** What an operator knows it as. */
    public String label() {
        return label;
    }

    /** What to do where it is not met. */
    public String remedy() {
        return remedy;
    }

    /** What keeps the database from being fit; nothing if it is. */
    public static List<DatabaseFinding> examine(DatabaseFacts facts) {
        List<DatabaseFinding> findings = new ArrayList<>();
        for (DatabaseRequirement requirement : values()) {
            requirement.wrong.apply(facts).ifPresent(found -> findings.add(new DatabaseFinding(requirement, found)));
        }
        return findings;
    }

    private static Optional<String> only(DatabaseFacts facts, String name, Set<String> wanted) {
        String found = facts.settings().getOrDefault(name, "not told");
        return wanted.contains(found) ? Optional.empty() : Optional.of(found);
    }
}
