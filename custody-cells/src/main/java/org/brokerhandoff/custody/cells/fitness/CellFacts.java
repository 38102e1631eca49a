package org.brokerhandoff.custody.cells.fitness;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cell's engine says of itself. No secret is in it.
 *
 * @param configuration of {@code CONFIG GET}, for {@link CellRequirement#settings}; a setting that the engine does not know is absent
 * @param information of {@code INFO}, by field
 * @param modules that are loaded, by name
 * @param junk {@code opt.junk} of {@code MEMORY MALLOC-STATS}; empty if the allocator does not tell
 * @param defaultUserOn whether a connection without a name is let in
 * @param permitted commands of {@link CellRequirement#FORBIDDEN} that some user may run, each with the user's name
 * @param clockAhead the cell's clock less this host's
 * @param host what the agent beside the engine has found of its memory; empty if none says so of this start
 */
public record CellFacts(
        Map<String, String> configuration,
        Map<String, String> information,
        List<String> modules,
        String junk,
        boolean defaultUserOn,
        List<String> permitted,
        Duration clockAhead,
        Optional<HostReport> host) {
    /** Of an engine beside which no agent is. */
    public CellFacts(
            Map<String, String> configuration,
            Map<String, String> information,
            List<String> modules,
            String junk,
            boolean defaultUserOn,
            List<String> permitted,
            Duration clockAhead) {
        this(configuration, information, modules, junk, defaultUserOn, permitted, clockAhead, Optional.empty());
    }

    /** What changes with every start of the engine; empty if it does not say. */
    public String runId() {
        return information.getOrDefault("run_id", "");
    }
}
