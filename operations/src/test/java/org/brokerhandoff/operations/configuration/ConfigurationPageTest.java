package org.brokerhandoff.operations.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final String BEGIN = "<!-- settings: generated from the code -->\n";
    private static final String END = "<!-- end of settings -->\n";

    @Test
    void the_page_shows_exactly_the_settings_of_the_code() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(page).contains(BEGIN, END);

        if (Boolean.getBoolean("handoff.docs.write")) {
            page = page.substring(0, begin) + SettingsTable.markdown() + page.substring(end);
            Files.writeString(PAGE, page);
            end = page.indexOf(END);
        }

        assertThat(page.substring(begin, end))
                .as("the table in docs/configuration.md; to rewrite it: "
                        + "mvn -pl operations test -Dtest=ConfigurationPageTest -Dhandoff.docs.write=true")
                .isEqualTo(SettingsTable.markdown());
    }
}
