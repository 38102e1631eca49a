package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.brokerhandoff.operations.process.ProductVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The commands of {@code ./handoff}, as their users see them: each has help, in one form, with the same exit codes and names of options. */
class CommandsTest {
    private static final Path LAUNCHER = Path.of("..", "handoff");
    private static final Pattern CASE = Pattern.compile("(?m)^  ([a-z-]+)\\)$|^  ([a-z-]+)\\) run ");
    private static final Pattern LISTED = Pattern.compile("(?m)^  ([a-z-]+)(?= ).*$");
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z0-9]*(-[a-z0-9]+)*|-[a-zA-Z]");

    @Test
    void the_launcher_runs_and_lists_the_commands_that_the_completion_has() throws IOException {
        String launcher = Files.readString(LAUNCHER);
        List<String> run = CASE.matcher(launcher.substring(launcher.indexOf("case $command in")))
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .toList();
        String usage = launcher.substring(launcher.indexOf("usage: ./handoff"), launcher.indexOf("\nUSAGE\n"));
        List<String> listed =
                LISTED.matcher(usage).results().map(found -> found.group(1)).toList();
        assertThat(run)
                .containsExactlyInAnyOrderElementsOf(
                        CompletionMain.commands().getSubcommands().keySet());
        assertThat(listed).containsExactlyInAnyOrderElementsOf(run);
    }

    @Test
    void every_command_helps_and_says_what_it_and_each_of_its_options_is_for() {
        List<String> silent = new ArrayList<>();
        commands().forEach((name, command) -> {
            if (command.usageMessage().description().length == 0) {
                silent.add(name + " has no description");
            }
            if (command.options().stream().noneMatch(OptionSpec::usageHelp)) {
                silent.add(name + " has no --help");
            }
            command.args().stream()
                    .filter(argument -> !argument.hidden() && argument.description().length == 0)
                    .forEach(argument -> silent.add(name + " says nothing of " + argument.paramLabel()));
        });
        assertThat(silent).isEmpty();
    }

    @Test
    void every_command_that_has_a_version_says_that_of_the_build() {
        List<CommandSpec> versioned = commands().values().stream()
                .filter(command -> command.options().stream().anyMatch(OptionSpec::versionHelp))
                .toList();
        assertThat(versioned)
                .hasSizeGreaterThan(10)
                .allSatisfy(command ->
                        assertThat(command.version()).containsExactly("broker handoff " + ProductVersion.current()));
        assertThat(ProductVersion.current()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    }

    @Test
    void every_command_has_the_same_exit_codes_and_says_what_they_mean() {
        List<String> different = new ArrayList<>();
        commands().forEach((name, command) -> {
            Map<String, String> codes = command.usageMessage().exitCodeList();
            if (!codes.keySet().containsAll(List.of("0", "2"))
                    || !List.of("0", "1", "2").containsAll(codes.keySet())) {
                different.add(name + " tells of the exit codes " + codes.keySet());
            }
            // The exit code of a subcommand is its own responsibility.
            if (!name.contains(" ")
                    && (command.exitCodeOnInvalidInput() != 2 || command.exitCodeOnExecutionException() != 2)) {
                different.add(name + " does not end with 2 when it could not run");
            }
        });
        assertThat(different).isEmpty();
    }

    @Test
    void options_are_words_with_hyphens_and_mean_the_same_everywhere() {
        List<String> odd = new ArrayList<>();
        commands()
                .forEach((name, command) -> command.options().forEach(option -> {
                    for (String each : option.names()) {
                        if (!OPTION.matcher(each).matches()) {
                            odd.add(name + " " + each);
                        }
                    }
                    if (option.longestName().equals("--json") && option.arity().max() != 0) {
                        odd.add(name + " --json takes a value");
                    }
                }));
        assertThat(odd).isEmpty();
    }

    @Test
    void a_shell_completes_commands_and_options(@TempDir Path folder) throws IOException, InterruptedException {
        Path script = Files.writeString(
                folder.resolve("completion"), AutoComplete.bash("handoff", CompletionMain.commands()));
        assertThat(completed(script, "handoff", "regi")).containsExactly("register", "register-service");
        assertThat(completed(script, "handoff", "doctor", "--j")).contains("--json");
        assertThat(completed(script, "handoff", "audit", "exp")).contains("export");
    }

    private static List<String> completed(Path script, String... words) throws IOException, InterruptedException {
        String line =
                java.util.Arrays.stream(words).map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source \"$1\"; COMP_WORDS=(" + line + "); COMP_CWORD=" + (words.length - 1)
                                + "; _complete_handoff >/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\" | sort -u",
                        "bash",
                        script.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        return output.lines().map(String::strip).toList();
    }

    /** By their full names, all that do something: one with subcommands only lists them. */
    private static Map<String, CommandSpec> commands() {
        Map<String, CommandSpec> commands = new TreeMap<>();
        CompletionMain.commands().getSubcommands().forEach((name, command) -> add(name, command, commands));
        return commands;
    }

    private static void add(String name, CommandLine command, Map<String, CommandSpec> commands) {
        commands.put(name, command.getCommandSpec());
        command.getSubcommands().forEach((below, each) -> add(name + " " + below, each, commands));
    }
}
