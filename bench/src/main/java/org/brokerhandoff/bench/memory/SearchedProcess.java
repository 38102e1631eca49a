package org.brokerhandoff.bench.memory;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * What is searched as one: a process, or several that work as one.
 *
 * @param name for people
 * @param processes their memory
 * @param controls kinds of which something is certainly there
 */
public record SearchedProcess(String name, List<ProcessMemory> processes, Set<Subject.Kind> controls) {
    /** Copies both collections. */
    public SearchedProcess {
        processes = List.copyOf(processes);
        controls = Set.copyOf(controls);
    }

    /** Searches all of its memory. */
    public MemoryFindings search(Patterns patterns, int show) throws IOException, InterruptedException {
        MemoryFindings findings = new MemoryFindings();
        for (ProcessMemory memory : processes) {
            memory.search(patterns, show, findings);
        }
        return findings;
    }

    /** The controls of which nothing was found. */
    public List<Subject.Kind> missing(MemoryFindings findings) {
        return controls.stream()
                .filter(kind -> findings.count(kind) == 0)
                .sorted()
                .toList();
    }
}
