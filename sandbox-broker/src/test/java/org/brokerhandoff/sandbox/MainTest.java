package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine line =
            Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @TempDir
    private Path directory = Path.of("replaced by JUnit");

    @Test
    void help_is_given() {
        assertThat(line.execute("--help")).isZero();
        assertThat(out.toString()).contains("--refuse-share", "--drop-reply-share", "Exit codes");
    }

    @Test
    void what_makes_no_sense_exits_2_before_anything_listens() throws IOException {
        Path secrets = Files.writeString(directory.resolve("secrets"), "whsec_c2hvcnQ=\n");
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        assertRefused("--refuse-share must be from 0 to 1", "--refuse-share", "1.5");
        assertRefused("--fail-share must be from 0 to 1", "--fail-share", "NaN");
        assertRefused("--accept excludes", "--accept", "--delay-ms", "5");
        assertRefused("no such behaviour", "--handoffs", "sulk");
        assertRefused("a share is from 0 to 1", "--handoffs", "500@2");
        assertRefused("pings: accept", "--pings", "sulk");
        assertRefused("24 to 64 bytes", "--secret-file", secrets.toString());
        assertRefused("no secret in", "--secret-file", empty.toString());
        assertRefused("cannot read", "--secret-file", directory.resolve("none").toString());
        assertRefused("no certificate in", "--tls", "good", "--client-ca", empty.toString());
        Path authority = Files.writeString(
                directory.resolve("authority"),
                SandboxCertificate.make(SandboxCertificate.Kind.GOOD).pem());
        assertRefused("client certificates need TLS", "--client-ca", authority.toString());
    }

    @Test
    void options_become_settings_and_a_handoff_one_line() throws IOException {
        WebhookSecret current = WebhookSecret.random();
        WebhookSecret previous = WebhookSecret.random();
        Path secrets = Files.writeString(directory.resolve("secrets"), current.text() + "\n" + previous.text() + "\n");
        line.parseArgs(
                "--id", "fjord", "--port", "0", "--secret-file", secrets.toString(), "--refuse-country", "DE,FR");
        Main main = line.getCommand();
        SandboxBrokerSettings settings = main.settings(new ConsoleLines(line.getOut(), false));
        assertThat(settings.secrets()).hasSize(2);
        UUID id = UUID.randomUUID();
        assertThat(settings.behaviour().reactTo(new HandoffFacts(id, "FR", 1, 1, 1)))
                .isInstanceOfSatisfying(
                        Reaction.Delay.class, delay -> assertThat(delay.then()).isInstanceOf(Reaction.Refuse.class));
        settings.observers()
                .exchanges()
                .seen(new Exchange(
                        Instant.EPOCH,
                        "handoff",
                        Optional.of(id),
                        "422 rejected",
                        Exchange.Signed.RIGHT,
                        "v1 by key 1"));
        assertThat(out.toString())
                .isEqualTo("1970-01-01T00:00:00Z      handoff   " + id + "  422 rejected            v1 by key 1"
                        + System.lineSeparator());
    }

    private void assertRefused(String reason, String... options) {
        String[] all = new String[options.length + 4];
        System.arraycopy(new String[] {"--id", "fjord", "--port", "0"}, 0, all, 0, 4);
        System.arraycopy(options, 0, all, 4, options.length);
        CommandLine fresh = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        assertThat(fresh.execute(all)).isEqualTo(2);
        assertThat(err.toString()).contains(reason).doesNotContain("c2hvcnQ");
    }
}
