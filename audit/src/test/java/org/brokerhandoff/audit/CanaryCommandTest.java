package org.brokerhandoff.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors reported before Kafka is contacted. */
class CanaryCommandTest {
    private static final String SECRET = "canary-0123456789abcdef";

    @TempDir
    Path directory;

    private Path apiKey = Path.of("");
    private Path signingKey = Path.of("");

    private record Ended(int code, String said) {}

    @BeforeEach
    void keys() throws IOException {
        apiKey = directory.resolve("api.key");
        signingKey = directory.resolve("signing.pem");
        SecretFile.create(apiKey, SECRET + "\n");
        SecretFile.create(signingKey, SigningKey.newPem());
    }

    @Test
    void a_key_that_others_may_read_is_not_used() throws IOException {
        Files.setPosixFilePermissions(apiKey, PosixFilePermissions.fromString("rw-r--r--"));
        assertCannotRun(run(), apiKey.toString());
    }

    @Test
    void a_key_file_that_is_missing_or_is_no_key_is_named() throws IOException {
        Files.delete(apiKey);
        assertCannotRun(run(), apiKey.toString());
        SecretFile.create(apiKey, SECRET + "\n");
        Files.writeString(signingKey, SECRET);
        assertCannotRun(run(), signingKey.toString());
    }

    @Test
    void a_folder_that_is_none_is_named_before_a_person_is_sent() {
        assertCannotRun(run("--search", directory.resolve("nowhere").toString()), "nowhere");
    }

    @Test
    void durations_are_positive() {
        assertCannotRun(run("--every", "PT0S"), "durations are positive");
        assertCannotRun(run("--patience", "-PT1M"), "durations are positive");
    }

    private static void assertCannotRun(Ended ended, String because) {
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.said()).contains(because).doesNotContain(SECRET).doesNotContain("\tat ");
    }

    private Ended run(String... more) {
        StringWriter said = new StringWriter();
        String[] arguments = new String[more.length + 5];
        arguments[0] = "canary";
        arguments[1] = "--api-key-file";
        arguments[2] = apiKey.toString();
        arguments[3] = "--signing-key-file";
        arguments[4] = signingKey.toString();
        System.arraycopy(more, 0, arguments, 5, more.length);
        int code = AuditMain.run(
                arguments,
                Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"),
                new PrintWriter(said),
                new PrintWriter(said),
                false);
        return new Ended(code, said.toString());
    }
}
