package org.brokerhandoff.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.brokerhandoff.operations.process.JvmOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The launcher, each image and the compose file start their JVMs with the options that {@link JvmOptions} explains. */
class JvmOptionsTest {
    private static final Path PROJECT = Path.of("..");

    @Test
    void the_launcher_has_all_of_them() throws IOException {
        Matcher options =
                Pattern.compile("(?s)\\njvm_options=\\((.*?)\\)").matcher(Files.readString(PROJECT.resolve("handoff")));

        assertThat(options.find()).isTrue();
        assertThat(Arrays.asList(options.group(1).strip().split("\\s+"))).containsExactlyElementsOf(JvmOptions.all());
    }

    static List<Path> images() {
        try (Stream<Path> modules = Files.list(PROJECT)) {
            return modules.map(module -> module.resolve("Dockerfile"))
                    .filter(Files::exists)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void each_image_has_all_of_them(Path image) throws IOException {
        assertThat(quoted(Files.readString(image), "ENTRYPOINT \\[(.*?)\\]")).containsAll(JvmOptions.all());
    }

    @Test
    void each_java_command_of_the_compose_file_has_all_of_them() throws IOException {
        String compose = Files.readString(PROJECT.resolve("docker-compose.yml"));

        assertThat(quoted(compose, "entrypoint: \\[\"java\",(.*?)\\]")).containsAll(JvmOptions.all());
    }

    private static List<String> quoted(String text, String list) {
        Matcher command = Pattern.compile("(?s)" + list).matcher(text);
        assertThat(command.find()).isTrue();
        return Pattern.compile("\"([^\"]*)\"")
                .matcher(command.group(1))
                .results()
                .map(word -> word.group(1))
                .toList();
    }
}
