package org.brokerhandoff.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between the pages of this project: the file is there, and so is the heading. Links to other places are not looked at. */
class DocumentLinksTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
    private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```|`[^`\\n]*`");
    private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final int QUESTIONS = 20;

    @Test
    void every_link_leads_to_a_file_and_a_heading_that_exist() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Path page : pages()) {
            problems.addAll(problems(page, Files.readString(page)));
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void every_page_can_be_reached_from_the_readme() throws IOException {
        Set<Path> reached = new HashSet<>();
        List<Path> next = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        while (!next.isEmpty()) {
            Path page = next.remove(next.size() - 1);
            if (page.toString().endsWith(".md") && Files.isRegularFile(page) && reached.add(page)) {
                links(Files.readString(page)).forEach(link -> next.add(target(page, link)));
            }
        }
        assertThat(reached).containsAll(pages());
    }

    @Test
    void each_of_the_twenty_questions_is_answered_by_a_link_to_a_place_in_a_page() throws IOException {
        List<String> rows = Files.readString(ROOT.resolve("docs/questions.md"))
                .lines()
                .filter(line -> line.matches("\\| \\d+ \\|.*"))
                .toList();
        assertThat(rows).hasSize(QUESTIONS).allMatch(row -> row.matches(".*\\]\\([^)]*\\.md#[^)]*\\).*"));
    }

    /** The rule itself. */
    @Test
    void a_file_and_a_heading_that_do_not_exist_are_found() {
        Path page = ROOT.resolve("docs/questions.md");
        assertThat(problems(page, "[a](nowhere.md) [b](../README.md#no-such) [c](#nor-this) `[d](code.md)`"))
                .containsExactly(
                        "questions.md: nowhere.md leads to no file",
                        "questions.md: ../README.md#no-such leads to no heading",
                        "questions.md: #nor-this leads to no heading");
        assertThat(anchors("# A `b`, c: d\n## Same\n```\n# none\n```\n## Same\n## [x](y.md) & z"))
                .containsExactlyInAnyOrder("a-b-c-d", "same", "same-1", "x--z");
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("docs"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        return pages;
    }

    private static List<String> problems(Path page, String text) {
        return links(text).stream()
                .flatMap(link -> problem(page, text, link).stream())
                .toList();
    }

    private static List<String> problem(Path page, String text, String link) {
        String where = page.getFileName() + ": " + link;
        Path target = target(page, link);
        if (!Files.exists(target)) {
            return List.of(where + " leads to no file");
        }
        int hash = link.indexOf('#');
        if (hash < 0) {
            return List.of();
        }
        try {
            Set<String> anchors = anchors(hash == 0 ? text : Files.readString(target));
            return anchors.contains(link.substring(hash + 1)) ? List.of() : List.of(where + " leads to no heading");
        } catch (IOException e) {
            return List.of(where + " leads to a file that cannot be read");
        }
    }

    private static Path target(Path page, String link) {
        String file = link.replaceFirst("#.*", "");
        return file.isEmpty() ? page : page.resolveSibling(file).normalize();
    }

    private static List<String> links(String text) {
        return LINK.matcher(CODE.matcher(text).replaceAll(""))
                .results()
                .map(found -> found.group(1))
                .filter(link -> !link.matches("[a-z]+:.*"))
                .toList();
    }

    /** As code hosts make them: lower case, without punctuation, a hyphen for each space, a number behind one that was there before. */
    private static Set<String> anchors(String text) {
        Map<String, Integer> seen = new HashMap<>();
        Matcher headings = HEADING.matcher(FENCED.matcher(text).replaceAll(""));
        return headings.results()
                .map(heading -> heading.group(1).strip().replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1"))
                .map(heading -> heading.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .map(anchor -> {
                    int before = seen.merge(anchor, 1, Integer::sum) - 1;
                    return before == 0 ? anchor : anchor + "-" + before;
                })
                .collect(Collectors.toSet());
    }
}
