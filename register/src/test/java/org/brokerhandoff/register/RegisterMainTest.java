package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RegisterMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine = RegisterMain.commandLine(Map.of())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));

    @Test
    void help_names_the_commands() {
        assertThat(commandLine.execute("--help")).isZero();
        assertThat(out.toString()).contains("rebuild", "export", "Exit codes");
    }

    @Test
    void each_command_has_help() {
        assertThat(commandLine.execute("rebuild", "--help")).isZero();
        assertThat(commandLine.execute("export", "--help")).isZero();
        assertThat(out.toString()).contains("--output");
    }

    @Test
    void no_command_or_an_unknown_one_could_not_run() {
        assertThat(commandLine.execute()).isEqualTo(2);
        assertThat(commandLine.execute("mend")).isEqualTo(2);
    }

    @Test
    void missing_settings_are_named() {
        assertThat(commandLine.execute("rebuild")).isEqualTo(2);
        assertThat(err.toString()).contains("HANDOFF_KAFKA_BOOTSTRAP_SERVERS");
    }
}
