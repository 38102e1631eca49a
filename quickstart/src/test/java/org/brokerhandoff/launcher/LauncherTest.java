package org.brokerhandoff.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.operations.process.JvmOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher as it is called, in a folder with a module that is built already and a {@code java} that prints its arguments. */
class LauncherTest {
    @TempDir
    Path directory;

    private record Said(int exitCode, List<String> arguments, String error) {
        String classPath() {
            return arguments.get(arguments.indexOf("-cp") + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "with blank",
                "æøå 名簿",
                "a#b%20c",
                "it's",
                "a+b;c&d",
                "$HOME",
                "-n",
                "(x)[y]{z}*",
                "a\"b\\c"
            })
    void it_finds_its_home_in_a_folder_of_any_name(String name) throws Exception {
        Path home = home(name);

        assertThat(run(directory, Map.of(), home.resolve("handoff").toString(), "kafka")
                        .classPath())
                .startsWith(home + "/quickstart/target/");
        assertThat(run(home, Map.of(), "./handoff", "kafka").classPath()).startsWith(home + "/quickstart/");
        assertThat(run(home.resolve("quickstart"), Map.of(), "../handoff", "kafka")
                        .classPath())
                .startsWith(home + "/quickstart/");
    }

    @Test
    void it_finds_its_home_through_links_of_all_kinds() throws Exception {
        Path home = home("my home");
        Path bin = Files.createDirectories(directory.resolve("bin of mine"));
        Path absolute = Files.createSymbolicLink(bin.resolve("absolute"), home.resolve("handoff"));
        Path relative = Files.createSymbolicLink(bin.resolve("relative"), Path.of("../my home/handoff"));
        Path chain = Files.createSymbolicLink(directory.resolve("chain"), Path.of("bin of mine/relative"));
        Path folder = Files.createSymbolicLink(directory.resolve("folder"), home);
        Path inFolder = Files.createSymbolicLink(bin.resolve("in-folder"), Path.of("../folder/handoff"));
        Path handoff = Files.createSymbolicLink(bin.resolve("handoff"), absolute);

        for (Path link : List.of(absolute, relative, chain, inFolder, handoff, folder.resolve("handoff"))) {
            assertThat(run(bin, Map.of(), link.toString(), "kafka").classPath())
                    .as("%s", link)
                    .startsWith(home + "/quickstart/target/");
        }
        // From the PATH, also by a relative one, and with a CDPATH, which makes cd print.
        assertThat(run(directory, Map.of("PATH", bin + ":" + System.getenv("PATH")), "handoff", "kafka")
                        .classPath())
                .startsWith(home + "/quickstart/");
        assertThat(run(
                                directory,
                                Map.of("PATH", "bin of mine:" + System.getenv("PATH"), "CDPATH", directory + ":."),
                                "handoff",
                                "kafka")
                        .classPath())
                .startsWith(home + "/quickstart/");
    }

    @Test
    void arguments_reach_the_program_as_they_were_given() throws Exception {
        Path home = home("h");

        assertThat(run(home, Map.of(), "./handoff", "kafka", "--directory", "a  b/æ $x 'y'", "")
                        .arguments())
                .endsWith("--directory", "a  b/æ $x 'y'", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr_TR.UTF-8", "ar_EG.UTF-8", "th_TH.UTF-8", "C", "POSIX", ""})
    void no_jvm_sees_the_machines_locale_or_time_zone(String locale) throws Exception {
        Said said =
                run(home("h"), Map.of("LC_ALL", locale, "LANG", locale, "TZ", "Asia/Kathmandu"), "./handoff", "kafka");

        assertThat(said.arguments())
                .containsAll(JvmOptions.SAME_ON_EVERY_MACHINE)
                .contains("LC_ALL=C.UTF-8");
    }

    @Test
    void a_folder_that_cannot_be_on_a_class_path_is_refused_with_the_reason() throws Exception {
        Said said = run(home("a:b"), Map.of(), "./handoff", "kafka");

        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.error()).contains("':'", "move");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8", "11", "16"})
    void an_older_java_is_refused(String version) throws Exception {
        Said said = run(home("h"), Map.of("FAKE_VERSION", version), "./handoff", "kafka");

        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.error()).contains("17 or later", version);
    }

    /** The launcher with a module that needs no building. */
    private Path home(String name) throws IOException {
        Path home = Files.createDirectories(directory.toRealPath().resolve(name));
        Files.copy(Path.of("../handoff"), home.resolve("handoff"));
        Files.setPosixFilePermissions(home.resolve("handoff"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(home.resolve("pom.xml"));
        Files.createDirectories(home.resolve("quickstart/src/main"));
        Files.createFile(home.resolve("quickstart/pom.xml"));
        Path stamp = Files.createDirectories(home.resolve("quickstart/target")).resolve("handoff.stamp");
        Files.createFile(stamp);
        return home;
    }

    private Said run(Path workingFolder, Map<String, String> environment, String... command) throws Exception {
        Path java = directory.resolve("jdk/bin/java");
        if (!Files.exists(java)) {
            Files.createDirectories(java.getParent());
            Files.writeString(java, """
                    #!/bin/sh
                    if [ "$1" = -XshowSettings:properties ]; then
                      echo "    java.specification.version = ${FAKE_VERSION:-25}" >&2
                      exit 0
                    fi
                    printf '%s\\0' "LC_ALL=$LC_ALL" "$@"
                    """);
            Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path out = directory.resolve("out");
        Path error = directory.resolve("error");
        ProcessBuilder builder = new ProcessBuilder(inShell(command))
                .directory(workingFolder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(error.toFile());
        builder.environment().remove("JAVA_OPTIONS");
        builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        List<String> arguments = new ArrayList<>(
                List.of(Files.readString(out, StandardCharsets.UTF_8).split("\0", -1)));
        // Behind the last end of an argument is nothing.
        arguments.remove(arguments.size() - 1);
        return new Said(process.exitValue(), arguments, Files.readString(error, StandardCharsets.UTF_8));
    }

    /** A shell looks the command up in the PATH that it is given, as a person's shell does. */
    private static List<String> inShell(String... command) {
        List<String> all = new ArrayList<>(List.of("sh", "-c", "exec \"$@\"", "sh"));
        all.addAll(List.of(command));
        return all;
    }
}
