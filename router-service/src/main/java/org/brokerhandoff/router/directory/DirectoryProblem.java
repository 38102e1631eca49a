package org.brokerhandoff.router.directory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.brokerhandoff.operations.configuration.StrictYaml;
import org.brokerhandoff.operations.configuration.YamlReading;

/**
 * Something wrong in {@code brokers.yaml}.
 *
 * @param line line of the file, from 1; 0 if it is not known
 * @param place JSON pointer into the file
 * @param rule what has to hold there
 * @param found what stands there instead, short
 */
public record DirectoryProblem(int line, String place, String rule, String found) {
    /** One whose line is not known yet. */
    DirectoryProblem(String place, String rule, String found) {
        this(0, place, rule, found);
    }

    /** The problems of a file, those of its YAML among them, each with its line, in the order of the lines. */
    public static List<DirectoryProblem> located(YamlReading yaml, List<DirectoryProblem> problems) {
        List<DirectoryProblem> all = new ArrayList<>();
        yaml.problems()
                .forEach(problem -> all.add(new DirectoryProblem(
                        problem.line(),
                        problem.place().isEmpty() ? "/" : problem.place(),
                        "must " + problem.rule(),
                        problem.found())));
        for (DirectoryProblem problem : problems) {
            int line = yaml.lineOf(problem.place());
            // What YAML itself made unreadable breaks our own rules as well; once is enough.
            if (!yaml.hasProblemAt(line)) {
                all.add(new DirectoryProblem(line, StrictYaml.shown(problem.place()), problem.rule(), problem.found()));
            }
        }
        return all.stream()
                .sorted(Comparator.comparingInt(DirectoryProblem::line))
                .toList();
    }

    @Override
    public String toString() {
        return (line == 0 ? "" : "line " + line + ", ") + place + ": " + rule + "; found " + found;
    }
}
