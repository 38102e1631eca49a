package org.brokerhandoff.operations.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessUserTest {
    @TempDir
    Path directory;

    @Test
    void a_file_that_this_process_makes_belongs_to_its_user() throws IOException {
        Path made = Files.createFile(directory.resolve("made"));

        assertThat(Files.getAttribute(made, "unix:uid")).isEqualTo((int) ProcessUser.id());
    }

    @Test
    void the_effective_user_counts() throws IOException {
        assertThat(ProcessUser.effective(List.of("Name:\tjava", "Uid:\t0\t10001\t0\t10001", "Gid:\t0\t0\t0\t0")))
                .isEqualTo(10_001);
        assertThatThrownBy(() -> ProcessUser.effective(List.of("Name:\tjava"))).isInstanceOf(IOException.class);
    }

    @Test
    void a_user_without_an_entry_in_the_user_database_is_not_taken_for_root() throws Exception {
        assumeTrue(
                ProcessUser.id() == 0 && Files.isExecutable(Path.of("/usr/bin/setpriv")), "only root changes its user");
        Process process = new ProcessBuilder(
                        "/usr/bin/setpriv", "--reuid=54321", "--clear-groups", "cat", "/proc/self/status")
                .start();
        String status = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(ProcessUser.effective(status.lines().toList())).isEqualTo(54_321);
    }
}
