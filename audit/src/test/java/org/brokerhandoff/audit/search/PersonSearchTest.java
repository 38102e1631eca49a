package org.brokerhandoff.audit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersonSearchTest {
    private static final String NAME = "Þórunn Ólafsdóttir";
    private static final String EMAIL = "thorunn.olafsdottir@example.org";

    private final PersonSearch search =
            new PersonSearch(List.of(List.of("Kari Nordmann", "kari.nordmann@example.no"), List.of(NAME, EMAIL)));

    @TempDir
    Path directory;

    @Test
    void a_person_is_found_plain_in_utf16_in_hexadecimal_and_escaped() {
        assertFound(EMAIL.getBytes(StandardCharsets.UTF_8));
        assertFound(NAME.getBytes(StandardCharsets.UTF_8));
        assertFound(NAME.getBytes(StandardCharsets.ISO_8859_1));
        assertFound(NAME.getBytes(StandardCharsets.UTF_16LE));
        assertFound(NAME.getBytes(StandardCharsets.UTF_16BE));
        assertFound(
                HexFormat.of().formatHex(EMAIL.getBytes(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
        assertFound("\\u00de\\u00f3runn \\u00d3lafsd\\u00f3ttir".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_person_is_found_in_base64_whatever_stands_before_and_after() {
        for (int before = 0; before < 7; before++) {
            for (int after = 0; after < 4; after++) {
                byte[] text = ("x".repeat(before) + EMAIL + "y".repeat(after)).getBytes(StandardCharsets.UTF_8);
                assertFound(Base64.getEncoder().encode(text));
                assertFound(Base64.getUrlEncoder().withoutPadding().encode(text));
            }
        }
    }

    @Test
    void nobody_is_found_in_random_bytes() {
        byte[] data = new byte[4 << 20];
        new Random(3).nextBytes(data);
        assertThat(search.find("random", data)).isEmpty();
    }

    @Test
    void a_person_is_found_in_a_file_wherever_the_blocks_end() throws IOException {
        byte[] person = EMAIL.getBytes(StandardCharsets.UTF_8);
        int block = 1 << 20;
        for (int at : new int[] {0, 5, block - person.length, block - 7, block, block + 3, 2 * block - 11}) {
            byte[] data = new byte[2 * block + 100];
            System.arraycopy(person, 0, data, at, person.length);
            Path file = directory.resolve("file-" + at);
            Files.write(file, data);
            PersonSearch.Result result = search.findInFiles(file);
            assertThat(result.findings())
                    .as("at %d", at)
                    .containsExactly(new PersonSearch.Finding(file.toString(), at, 1, "plain"));
            assertThat(result.people()).isEqualTo(1);
            assertThat(result.bytes()).isEqualTo(data.length);
        }
    }

    @Test
    void a_folder_that_cannot_be_read_is_named_and_not_passed_over() throws IOException {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.writeString(closed.resolve("file"), EMAIL);
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assumeFalse(Files.isReadable(closed), "root may read everything");
            assertThat(search.findInFiles(directory).unreadable()).containsExactly(closed);
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private void assertFound(byte[] form) {
        byte[] data = new byte[form.length + 200];
        new Random(5).nextBytes(data);
        System.arraycopy(form, 0, data, 100, form.length);
        assertThat(search.find("data", data))
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.person()).isEqualTo(1));
    }
}
