package org.brokerhandoff.operations.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {
    @TempDir
    Path directory;

    @Test
    void a_file_that_is_made_is_its_owners_alone_and_never_overwritten() throws IOException {
        Path file = directory.resolve("made");
        SecretFile.create(file, "secret");

        assertThat(SecretFile.read(file)).isEqualTo("secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> SecretFile.create(file, "other")).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(SecretFile.read(file)).isEqualTo("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rwx------"})
    void a_file_that_only_its_owner_can_reach_is_read(String mode) throws IOException {
        Path file = file("secret\nmore\n", mode);

        assertThat(SecretFile.read(file)).isEqualTo("secret\nmore\n");
        assertThat(SecretFile.readFirstLine(file)).isEqualTo("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rw-r--r--",
                "rw----r--",
                "rw-r-----",
                "rw--w----",
                "rw-----w-",
                "rw---x---",
                "rw------x",
                "rwxrwxrwx"
            })
    void a_file_that_others_can_reach_is_refused_with_its_mode_and_without_its_content(String mode) throws IOException {
        Path file = file("hunter2", mode);

        assertThatThrownBy(() -> SecretFile.read(file))
                .isInstanceOf(ExposedSecretFile.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(mode)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void the_file_at_the_end_of_a_link_counts_not_the_link() throws IOException {
        Path open = file("secret", "rw-r--r--");
        Path link = Files.createSymbolicLink(directory.resolve("link"), open);
        assertThatThrownBy(() -> SecretFile.read(link)).isInstanceOf(ExposedSecretFile.class);

        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("r--------"));
        assertThat(SecretFile.read(link)).isEqualTo("secret");
    }

    @Test
    void what_is_no_file_or_not_there_or_empty_is_refused() throws IOException {
        assertThatThrownBy(() -> SecretFile.read(directory))
                .isInstanceOf(ExposedSecretFile.class)
                .hasMessageContaining("regular file");
        assertThatThrownBy(() -> SecretFile.read(directory.resolve("none"))).isInstanceOf(IOException.class);
        Path empty = file("\nsecret", "rw-------");
        assertThatThrownBy(() -> SecretFile.readFirstLine(empty)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest(name = "user {0}, owner {1}, {2}: private {3}")
    @CsvSource({
        "10001, 10001, rw-------, true",
        "10001, 10001, rw-r-----, false",
        // As mounted by Kubernetes and systemd for a service that is not root.
        "10001, 0,     r--r-----, true",
        "10001, 0,     rw-r-----, true",
        "10001, 0,     rw-rw----, false",
        "10001, 0,     r--r-x---, false",
        "10001, 0,     r--r--r--, false",
        "0,     0,     rw-r-----, false",
        "0,     0,     rw-------, true",
        "10001, 1000,  rw-------, false",
        "0,     1000,  rw-------, false"
    })
    void the_owner_decides_whether_the_group_may_read(long user, long owner, String mode, boolean isPrivate) {
        assertThat(SecretFile.exposure(user, owner, PosixFilePermissions.fromString(mode)))
                .matches(exposure -> exposure.isEmpty() == isPrivate);
    }

    private Path file(String text, String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
