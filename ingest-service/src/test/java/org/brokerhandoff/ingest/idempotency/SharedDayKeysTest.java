package org.brokerhandoff.ingest.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.brokerhandoff.custody.cells.decisions.KeyDigest;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedDayKeysTest {
    private static final String SECRET = "a secret that no other installation has";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private Path file(String name, String secret) throws IOException {
        Path file = directory.resolve(name);
        SecretFile.create(file, secret + "\n");
        return file;
    }

    private static UUID digest(KeyDigest day) {
        return day.of("website", "key");
    }

    @Test
    void a_digest_is_the_same_on_all_hosts_and_another_under_another_secret_salt_client_or_key() throws IOException {
        byte[] salt = new byte[32];
        byte[] another = new byte[32];
        another[31] = 1;
        SharedDayKeys here = SharedDayKeys.read(file("here", SECRET));
        SharedDayKeys there = SharedDayKeys.read(file("there", SECRET));
        SharedDayKeys elsewhere = SharedDayKeys.read(file("elsewhere", SECRET + "!"));
        UUID digest = digest(here.under(salt));
        assertThat(digest(there.under(salt))).isEqualTo(digest);
        assertThat(here.under(salt).of("website", "key")).isEqualTo(digest);
        assertThat(digest(here.under(another))).isNotEqualTo(digest);
        assertThat(digest(elsewhere.under(salt))).isNotEqualTo(digest);
        assertThat(here.under(salt).of("websit", "ekey")).isNotEqualTo(digest);
        assertThat(here.under(salt).of("website", "key2")).isNotEqualTo(digest);
    }

    @Test
    void a_secret_that_is_short_missing_or_readable_by_others_is_refused_without_being_shown() throws IOException {
        Path shortOne = file("short", "a-short-one");
        assertThatThrownBy(() -> SharedDayKeys.read(shortOne))
                .isInstanceOf(IdempotencyFailed.class)
                .hasMessageContaining("less than 32 characters")
                .hasMessageNotContaining("a-short-one");
        assertThatThrownBy(() -> SharedDayKeys.read(directory.resolve("nowhere")))
                .isInstanceOf(IdempotencyFailed.class)
                .hasMessageContaining("idempotencyKeyFile");
        Path open = file("open", SECRET);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> SharedDayKeys.read(open)).isInstanceOf(IdempotencyFailed.class);
    }
}
