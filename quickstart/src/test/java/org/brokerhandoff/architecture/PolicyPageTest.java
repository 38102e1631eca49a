package org.brokerhandoff.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/policy.md}: every promise has a test that exists, or is on the list of those that are still to be built. */
class PolicyPageTest {
    private static final Path ROOT = Path.of("..");
    private static final int PROMISES = 24;

    /** Still to be built; a row leaves this list with the commit that builds it. */
    private static final Set<String> NOT_BUILT_YET = Set.of();

    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT))(?:\\.([a-z0-9_]+))?`");

    private record Row(String what, String tests) {}

    @Test
    void every_promise_has_a_row() throws IOException {
        List<String> wanted = new ArrayList<>();
        for (int i = 1; i <= PROMISES; i++) {
            wanted.add("P" + i);
        }
        assertThat(rows(page()).keySet()).containsExactlyElementsOf(wanted);
    }

    @Test
    void every_row_has_a_test_that_exists_unless_it_is_not_built_yet() throws IOException {
        assertThat(problems(page())).isEmpty();
    }

    /** The rule itself. */
    @Test
    void a_row_without_a_test_or_with_one_that_does_not_exist_is_found() throws IOException {
        String page = page();
        assertThat(problems(page.replace("`ContactIT`", ""))).contains("P22 has no test");
        assertThat(problems(page.replace("`ContactIT`", "`NoSuchIT`"))).contains("P22: there is no NoSuchIT");
        assertThat(problems(page.replace("PolicyBookTest`", "PolicyBookTest.no_such_method`")))
                .contains("P7: PolicyBookTest has no no_such_method");
        assertThat(problems(page.replace("as P3: answered by the helpdesk", "not built yet (helpdesk)")))
                .contains("P22 is not on the list of what is not built yet, and says so");
    }

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/policy.md"));
    }

    private static Map<String, Row> rows(String page) {
        Map<String, Row> rows = new LinkedHashMap<>();
        page.lines().filter(line -> line.startsWith("| P")).forEach(line -> {
            String[] cells = line.split("\\|", -1);
            rows.put(cells[1].strip(), new Row(cells[3].strip(), cells[5].strip()));
        });
        return rows;
    }

    private static List<String> problems(String page) throws IOException {
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, Row> row : rows(page).entrySet()) {
            String promise = row.getKey();
            if (row.getValue().what().startsWith("not built yet (")) {
                if (!NOT_BUILT_YET.contains(promise)) {
                    problems.add(promise + " is not on the list of what is not built yet, and says so");
                }
                continue;
            }
            Matcher test = TEST.matcher(row.getValue().tests());
            boolean any = false;
            while (test.find()) {
                any = true;
                Optional<String> source = source(test.group(1));
                if (source.isEmpty()) {
                    problems.add(promise + ": there is no " + test.group(1));
                } else if (test.group(2) != null && !source.get().contains(" void " + test.group(2) + "(")) {
                    problems.add(promise + ": " + test.group(1) + " has no " + test.group(2));
                }
            }
            if (!any) {
                problems.add(promise + " has no test");
            }
        }
        return problems;
    }

    /** The source of a test class, wherever in the tree it is. */
    private static Optional<String> source(String testClass) throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.map(each -> each.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    Optional<Path> file = files.filter(
                                    each -> each.getFileName().toString().equals(testClass + ".java"))
                            .findFirst();
                    if (file.isPresent()) {
                        return Optional.of(Files.readString(file.get()));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
