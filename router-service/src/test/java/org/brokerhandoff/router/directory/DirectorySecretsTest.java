package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.router.directory.DirectoryTexts.VALID;
import static org.brokerhandoff.router.directory.DirectoryTexts.parse;
import static org.brokerhandoff.router.directory.DirectoryTexts.problems;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.PrivateFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of secrets, and messages, which show none of their content. */
class DirectorySecretsTest {
    @Test
    void a_secret_that_stands_for_a_name_is_not_shown() {
        String key = Examples.SECRET.substring("whsec_".length());
        assertThat(problems(VALID + "    " + Examples.SECRET + ": true\n").toString())
                .doesNotContain(key);
        assertThat(problems(VALID + Examples.SECRET + ": true\n").toString()).doesNotContain(key);
        assertThat(problems(VALID + "    caps: {hourly: 1, " + Examples.SECRET + ": 2}\n")
                        .toString())
                .doesNotContain(key);
    }

    @Test
    void a_secret_is_in_no_message_wherever_it_was_pasted() {
        String key = Examples.SECRET.substring("whsec_".length());
        Set<String> lines = new HashSet<>(List.of(
                "id: fjord-markets",
                "name: Fjord Markets AS",
                "[NO, SE, DK]",
                "[nb, en]",
                "default: EEA",
                "https://fjord-markets.example/privacy",
                "https://fjord-markets.example/handoffs",
                "fjord.current",
                "priority: 1",
                "local: false",
                "status: active"));
        for (String line : lines) {
            int colon = line.contains("://") ? -1 : line.indexOf(": ");
            String pasted = line.startsWith("[")
                    ? "[" + Examples.SECRET + "]"
                    : (colon < 0 ? "" : line.substring(0, colon + 2)) + Examples.SECRET;
            ParsedDirectory parsed = parse(VALID.replace(line, pasted));
            if (parsed instanceof ParsedDirectory.Invalid invalid) {
                assertThat(new InvalidDirectory(invalid.problems()).getMessage())
                        .doesNotContain(key);
            } else {
                assertThat(line).as("free text").startsWith("name");
            }
        }
        for (String yaml : List.of(
                VALID.replace("https://fjord-markets.example/handoffs", "https://user:hunter2@a.example/"),
                VALID.replace("fjord.previous", "not-a-secret"))) {
            assertThat(new InvalidDirectory(problems(yaml)).getMessage()).doesNotContain("hunter2");
        }
        assertThat(parse(VALID).toString()).doesNotContain(key);
    }

    @Test
    void files_stand_relative_to_the_directory_file_and_what_is_no_path_is_a_problem(@TempDir Path directory)
            throws IOException {
        Files.createDirectory(directory.resolve("secrets"));
        PrivateFiles.write(directory.resolve("secrets/one"), Examples.SECRET);
        Path file = directory.resolve("brokers.yaml");
        Files.writeString(
                file, VALID.replace("[fjord.current, fjord.previous]", "[secrets/one]"), StandardCharsets.UTF_8);
        assertThat(DirectoryFile.read(file, Examples.CODEC)).isInstanceOf(ParsedDirectory.Valid.class);
        Files.writeString(file, VALID.replace("[fjord.current, fjord.previous]", "[\"a\\0b\"]"));
        assertThat(DirectoryFile.read(file, Examples.CODEC)).isInstanceOf(ParsedDirectory.Invalid.class);
        assertThat(DirectoryFile.read(directory.resolve("none"), Examples.CODEC))
                .isInstanceOf(ParsedDirectory.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-r-----", "rw--w----", "rw-----w-", "rwx---r-x"})
    void a_secret_file_that_others_may_reach_is_refused_and_taken_as_soon_as_it_is_private(
            String mode, @TempDir Path directory) throws IOException {
        Path secret = PrivateFiles.write(directory.resolve("one"), Examples.SECRET);
        Path file = directory.resolve("brokers.yaml");
        Files.writeString(file, VALID.replace("[fjord.current, fjord.previous]", "[one]"));
        DirectoryFile.Reading before = DirectoryFile.reading(file, Examples.CODEC);
        assertThat(before.parsed()).isInstanceOf(ParsedDirectory.Valid.class);

        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(mode));
        DirectoryFile.Reading exposed = DirectoryFile.reading(file, Examples.CODEC);
        assertThat(((ParsedDirectory.Invalid) exposed.parsed()).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.place()).isEqualTo("/brokers/0/secretFiles/0");
                    assertThat(problem.line()).isEqualTo(10);
                    assertThat(problem.toString())
                            .contains("only this service can read", mode)
                            .doesNotContain(Examples.SECRET);
                });
        assertThat(exposed.contents()).as("a change of mode is a change").isNotEqualTo(before.contents());

        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--------"));
        assertThat(DirectoryFile.reading(file, Examples.CODEC).contents()).isEqualTo(before.contents());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://fjord-markets.example/hooks/hunter2?t=hunter2",
                "ftp://fjord-markets.example/hooks/hunter2",
                "https://fjord-markets.example/hooks/hunter2#hunter2",
                "https://fjord-markets.example/hunter2 x",
                "https://user:hunter2@fjord-markets.example/",
                "https://fjord-markets.example:0/hunter2",
                "//fjord-markets.example/hunter2",
                "hunter2",
            })
    void no_problem_of_an_address_shows_its_path_or_query(String address) {
        assertThat(problems(VALID.replace("https://fjord-markets.example/handoffs", "\"" + address + "\"")))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.place()).isEqualTo("/brokers/0/endpoint");
                    assertThat(problem.toString()).doesNotContain("hunter2");
                });
    }
}
