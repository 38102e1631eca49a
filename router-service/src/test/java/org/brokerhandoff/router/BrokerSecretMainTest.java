package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerSecretMainTest {
    @TempDir
    private Path directory = Path.of("replaced by JUnit");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return BrokerSecretMain.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void a_printed_secret_is_one_that_the_directory_takes() {
        assertThat(run("v1")).isZero();
        assertThat(out.toString()
                        .lines()
                        .filter(line -> WebhookSecret.parse(line).isPresent()))
                .singleElement()
                .asString()
                .startsWith("whsec_");
    }

    @Test
    void a_key_pair_goes_to_a_file_of_its_owner_and_only_the_public_key_is_shown() throws Exception {
        Path file = directory.resolve("fjord.current");
        assertThat(run("v1a", "--file", file.toString())).isZero();
        assertThat(WebhookSecret.parse(Files.readString(file)).orElseThrow().scheme())
                .isEqualTo("v1a");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(out.toString()).contains("whpk_").doesNotContain("whsk_");
    }

    @Test
    void a_secret_in_use_is_not_overwritten() throws Exception {
        Path file = Files.writeString(directory.resolve("fjord.current"), "in use");
        assertThat(run("v1", "--file", file.toString())).isEqualTo(2);
        assertThat(Files.readString(file)).isEqualTo("in use");
        assertThat(run("v2")).isEqualTo(2);
    }
}
