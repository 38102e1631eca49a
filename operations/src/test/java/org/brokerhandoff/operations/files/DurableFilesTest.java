package org.brokerhandoff.operations.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {
    @TempDir
    private Path folder = Path.of("");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }

    @Test
    void a_file_is_replaced_in_folders_that_are_made_and_what_a_killed_process_left_is_taken_away() throws Exception {
        Path file = folder.resolve("a/b/file");
        DurableFiles.replace(file, bytes("one"));
        Files.write(folder.resolve("a/b/.file.tmp"), bytes("left by a process that was killed"));
        DurableFiles.replace(file, bytes("two"));
        assertThat(file).hasContent("two");
        try (Stream<Path> files = Files.list(folder.resolve("a/b"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void content_that_fails_leaves_the_file_as_it_was() throws Exception {
        Path file = folder.resolve("file");
        DurableFiles.replace(file, bytes("before"));
        assertThatThrownBy(() -> DurableFiles.replace(file, out -> {
                    out.write(bytes("half"));
                    throw new IOException("no space");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage(file + " cannot be written");
        assertThat(file).hasContent("before");
    }

    @Test
    void of_a_shared_file_another_process_temporary_file_is_left_alone() throws Exception {
        Path file = folder.resolve("file");
        Path others = folder.resolve(".file.tmp");
        DurableFiles.replaceShared(file, bytes("ours"));
        Files.write(others, bytes("half of theirs"));
        DurableFiles.replaceShared(file, bytes("ours again"));
        assertThat(file).hasContent("ours again");
        assertThat(others).hasContent("half of theirs");
        assertThat(names()).containsExactlyInAnyOrder("file", ".file.tmp");
    }
}
