package org.brokerhandoff.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.brokerhandoff.audit.search.PersonSearch;
import org.brokerhandoff.operations.process.JvmOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void a_folder_in_which_one_runs_is_refused_with_its_process_id_and_left_untouched() throws Exception {
        Path folder = directory.resolve("var/quick start");
        Process other = taking(folder);
        try {
            Path data = Files.writeString(folder.resolve("custody.slots"), "keys");

            assertThatThrownBy(() -> RunDirectory.take(folder))
                    .isInstanceOf(FolderLock.Unusable.class)
                    .hasMessageContaining("process " + other.pid())
                    .hasMessageContaining("--directory");
            Path link = Files.createSymbolicLink(directory.resolve("link"), folder);
            assertThatThrownBy(() -> RunDirectory.take(link)).hasMessageContaining("process " + other.pid());
            assertThat(data).hasContent("keys");
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void the_lock_of_one_that_was_killed_is_no_obstacle_and_what_it_left_is_removed() throws Exception {
        Path folder = directory.resolve("killed");
        Process other = taking(folder);
        Files.createDirectories(folder.resolve("kafka/kafka-log"));
        Files.writeString(folder.resolve("kafka/kafka-log/meta.properties"), "x");
        Files.createDirectories(folder.resolve("log"));
        Files.writeString(folder.resolve("log/quickstart.log"), "kept");
        other.destroyForcibly().waitFor();

        try (RunDirectory run = RunDirectory.take(folder)) {
            try (var left = Files.list(run.path())) {
                assertThat(left.map(Path::getFileName).map(Path::toString))
                        .containsExactlyInAnyOrder("log", "quickstart.lock");
            }
        }
    }

    @Test
    void a_second_take_in_one_process_is_refused_and_does_not_end_the_lock_of_the_first() throws Exception {
        try (RunDirectory first = RunDirectory.take(directory.resolve("one"))) {
            assertThatThrownBy(() -> RunDirectory.take(directory.resolve("one")))
                    .isInstanceOf(FolderLock.Unusable.class);
            Process other = new ProcessBuilder(command(first.path())).start();
            assertThat(other.waitFor()).isEqualTo(2);
        }
        RunDirectory.take(directory.resolve("one")).close();
    }

    @Test
    void the_search_for_people_in_the_folder_does_not_give_the_lock_away() throws Exception {
        try (RunDirectory run = RunDirectory.take(directory.resolve("searched"))) {
            Files.writeString(run.path().resolve("file"), "kari@example.no");

            PersonSearch search = new PersonSearch(List.of(List.of("kari@example.no")));

            assertThat(search.findInFiles(run.path(), Set.of(run.lockFile())).people())
                    .isEqualTo(1);
            assertThat(new ProcessBuilder(command(run.path())).start().waitFor())
                    .isEqualTo(2);
        }
    }

    @Test
    void a_folder_with_somebody_elses_files_is_not_emptied() throws Exception {
        Path mine = Files.writeString(directory.resolve("thesis.txt"), "three years");

        assertThatThrownBy(() -> RunDirectory.take(directory))
                .isInstanceOf(FolderLock.Unusable.class)
                .hasMessageContaining("are not from a quickstart");
        assertThat(mine).hasContent("three years");
        assertThatThrownBy(() -> RunDirectory.take(mine)).hasMessageContaining("is not a folder");
    }

    private static List<String> command(Path folder) {
        List<String> command =
                JvmOptions.command(Taking.class, "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.add(folder.toString());
        return command;
    }

    /** A process that has taken the folder. */
    private static Process taking(Path folder) throws IOException {
        Process process = new ProcessBuilder(command(folder))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = process.inputReader();
        assertThat(said.readLine()).isEqualTo("taken");
        return process;
    }

    static final class Taking {
        private Taking() {}

        public static void main(String[] arguments) throws Exception {
            try {
                RunDirectory.take(Path.of(arguments[0]));
            } catch (FolderLock.Unusable running) {
                System.exit(2);
            }
            System.out.println("taken");
            // Until it is killed, or its parent is gone.
            while (System.in.read() >= 0) {
                // Nothing is sent.
            }
        }
    }
}
