package org.brokerhandoff.bench.tampering;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TamperingPageTest {
    private static final Path PAGE = Path.of("..", "docs", "audit-rules.md");
    private static final String BEGIN = "<!-- tampering with a real log: generated from the code -->\n";
    private static final String END = "<!-- end of tampering with a real log -->\n";

    @Test
    void the_page_shows_exactly_the_kinds_that_the_run_tries() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains(BEGIN, END);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        if (Boolean.getBoolean("handoff.docs.write")) {
            page = page.substring(0, from) + TamperingTrial.markdown() + page.substring(page.indexOf(END));
            Files.writeString(PAGE, page);
        }
        assertThat(page.substring(from, page.indexOf(END)))
                .as("a table in docs/audit-rules.md; -Dhandoff.docs.write=true rewrites it")
                .isEqualTo(TamperingTrial.markdown());
    }

    @Test
    void each_kind_is_one_of_its_own() {
        List<String> kinds = TamperingTrial.kinds().stream()
                .map(kind -> kind.rule().orElse("") + ": " + kind.done())
                .toList();
        assertThat(kinds).doesNotHaveDuplicates().hasSizeGreaterThan(100);
    }
}
