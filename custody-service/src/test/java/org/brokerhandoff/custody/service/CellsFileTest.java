package org.brokerhandoff.custody.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellsFileTest {
    @TempDir
    Path folder;

    @BeforeEach
    void secrets() throws IOException {
        SecretFile.create(folder.resolve("database.password"), "one-secret\n");
        SecretFile.create(folder.resolve("cells.password"), "another-secret\n");
    }

    private static String cell(String host) {
        return """
                  - host: %s
                    port: 6379
                    user: handoff
                    passwordFile: cells.password
                    examiner: examiner
                    examinerPasswordFile: cells.password
                """.formatted(host);
    }

    private static String valid() {
        return """
                database:
                  url: jdbc:postgresql://db1,db2/handoff?targetServerType=primary
                  user: handoff
                  passwordFile: database.password
                roster: 1
                cells:
                """ + cell("cell0") + cell("cell1") + cell("cell2");
    }

    private CellsConfiguration read(String yaml) {
        try {
            return CellsFile.read(Files.writeString(folder.resolve("cells.yaml"), yaml));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_valid_file_names_its_secrets_relative_to_its_own_place() {
        CellsConfiguration read = read(valid());
        assertThat(read.password()).contains("one-secret");
        assertThat(read.roster()).isEqualTo(1);
        assertThat(read.certificates()).isEmpty();
        assertThat(read.acceptOlder()).isFalse();
        assertThat(read(valid().replace(
                                        "  user: handoff\n  passwordFile",
                                        "  user: handoff\n  acceptOlder: true\n  passwordFile"))
                        .acceptOlder())
                .isTrue();
        assertThat(read.cells()).extracting(Object::toString).containsExactly("cell0:6379", "cell1:6379", "cell2:6379");
        assertThat(read.cells().get(2).examinerPassword()).isEqualTo("another-secret");
        assertThat(read.toString()).doesNotContain("secret");
        assertThat(read.idempotencyKeyFile()).isEmpty();
        assertThat(read(valid().replace("roster: 1", "roster: 1\nidempotencyKeyFile: of-ingest-alone.key"))
                        .idempotencyKeyFile())
                .as("services that do not need it need not have it")
                .contains(folder.resolve("of-ingest-alone.key"));
    }

    @Test
    void all_that_is_wrong_is_told_together_with_its_line_and_without_any_value() {
        String yaml = valid().replace(
                        "jdbc:postgresql://db1,db2/handoff?", "jdbc:postgresql://db1,db2/handoff?password=hidden&")
                .replace("roster: 1", "roster: 0")
                .replace("  - host: cell1\n    port: 6379", "  - host: cell1\n    port: hidden")
                .replace("host: cell2", "hots: cell2");
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(InvalidCells.class)
                .hasMessageContaining("/database/url: must name no password; passwordFile does; found one")
                .hasMessageContaining(
                        "line 5, /roster: must be a whole number from 1 to 2147483647; found another kind of value")
                .hasMessageContaining("/cells/1/port: must be a whole number from 1 to 65535; found another text")
                .hasMessageContaining(
                        "/cells/2/hots: must be one of examiner, examinerPasswordFile, host, passwordFile, port, user")
                .hasMessageContaining("/cells/2/host: must be a host's name or address; found nothing")
                .hasMessageNotContaining("hidden");
    }

    @Test
    void a_secret_that_others_may_read_or_that_is_not_there_is_refused() throws IOException {
        Files.setPosixFilePermissions(
                folder.resolve("database.password"),
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> read(valid().replaceFirst("cells.password", "nowhere")))
                .hasMessageContaining("/database/passwordFile: must name a file that its owner alone may read")
                .hasMessageContaining(
                        "/cells/0/passwordFile: must be the path of a file that can be read; found a path where none is");
    }

    @Test
    void two_cells_at_one_place_and_two_instead_of_three_are_refused() {
        assertThatThrownBy(() -> read(valid().replace("cell2", "cell0")))
                .hasMessageContaining("/cells/2: must be another place than the cells before it");
        assertThatThrownBy(() -> read(valid().replace(cell("cell2"), "")))
                .hasMessageContaining("/cells: must be a list of three cells; found 2 of them");
    }
}
