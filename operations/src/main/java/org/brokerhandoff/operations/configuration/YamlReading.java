package org.brokerhandoff.operations.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;

/**
 * Result of reading a file with {@link StrictYaml}. If there are problems, {@code root} has what could be read nevertheless, so that the
 * rules of the file's owner can be checked in the same run; it must not be used for anything else.
 *
 * @param root the content; missing if there is none, or if parsing was aborted
 * @param problems all refused content, by line; the file is valid YAML only if this is empty
 * @param lines line, from 1, of each value by its JSON pointer; {@code ""} is the root's
 */
public record YamlReading(JsonNode root, List<YamlProblem> problems, Map<String, Integer> lines) {
    /** Copies the collections. */
    public YamlReading {
        problems = List.copyOf(problems);
        lines = Map.copyOf(lines);
    }

    /** Whether there is content to check further. */
    public boolean hasContent() {
        return !(root instanceof MissingNode);
    }

    /** Line of the value at a JSON pointer, or of the nearest value around it. */
    public int lineOf(String pointer) {
        String place = pointer;
        while (true) {
            Integer line = lines.get(place);
            if (line != null) {
                return line;
            }
            int slash = place.lastIndexOf('/');
            if (slash < 0) {
                return 1;
            }
            place = place.substring(0, slash);
        }
    }

    /** Whether something on this line was refused: its consequences need not be reported as well. */
    public boolean hasProblemAt(int line) {
        return problems.stream().anyMatch(problem -> problem.line() == line);
    }

    /** A token of a JSON pointer (RFC 6901). */
    public static String token(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
