package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteUrlTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "with blank",
                "two  blanks",
                "æøå ñ 名簿",
                "a#b",
                "100%",
                "a%20b",
                "a'b\"c",
                "a+b&c=d",
                "a;b",
                "$HOME",
                "a:b",
                "what?",
                "what?mode=memory&x=%41 #"
            })
    void a_register_is_made_in_the_very_folder_that_was_named(String folder) throws Exception {
        Path file = directory.resolve(folder).resolve("register.db");
        String url = SqliteUrl.of(file);

        // Also as a setting: it is passed through the environment.
        String read = SettingsReader.of(
                        Map.of("HANDOFF_REGISTER_URL", url, "HANDOFF_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
                        Service.REGISTER)
                .get(Settings.REGISTER_URL);
        assertThat(read).isEqualTo(url);
        Register.open(new RegisterSettings(read, Optional.empty(), Optional.empty()))
                .close();

        assertThat(file).isRegularFile();
        try (var entries = Files.list(directory)) {
            assertThat(entries).containsExactly(directory.resolve(folder));
        }
        assertThat(SqliteUrl.file(url)).isEqualTo(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/a/b%20c.db", "file:///a/b%20c.db", "file:/a/b c.db?cache=private", "/a/b c.db?x=y"})
    void the_file_of_a_url_is_found_in_each_spelling(String rest) {
        assertThat(SqliteUrl.file("jdbc:sqlite:" + rest)).isEqualTo(Path.of("/a/b c.db"));
    }
}
