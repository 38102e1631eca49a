package org.brokerhandoff.custody.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.brokerhandoff.custody.cells.decisions.KeyDigest;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencySecretTest {
    private static final String SECRET = "a secret that no other installation has";

    @TempDir
    Path directory;

    private Path file(String name, String secret) throws IOException {
        Path file = directory.resolve(name);
        SecretFile.create(file, secret + "\n");
        return file;
    }

    private static IdempotencySecret usable(Path file) {
        return ((IdempotencySecret.Reading.Usable) IdempotencySecret.read(file)).secret();
    }

    private static UUID digest(KeyDigest day) {
        return day.of("website", "key");
    }

    @Test
    void a_digest_is_the_same_on_all_hosts_and_another_under_another_secret_salt_client_or_key() throws IOException {
        byte[] salt = new byte[32];
        byte[] another = new byte[32];
        another[31] = 1;
        IdempotencySecret here = usable(file("here", SECRET));
        IdempotencySecret there = usable(file("there", SECRET));
        IdempotencySecret elsewhere = usable(file("elsewhere", SECRET + "!"));
        UUID digest = digest(here.under(salt));
        assertThat(digest(there.under(salt))).isEqualTo(digest);
        assertThat(here.under(salt).of("website", "key")).isEqualTo(digest);
        assertThat(digest(here.under(another))).isNotEqualTo(digest);
        assertThat(digest(elsewhere.under(salt))).isNotEqualTo(digest);
        assertThat(here.under(salt).of("websit", "ekey")).isNotEqualTo(digest);
        assertThat(here.under(salt).of("website", "key2")).isNotEqualTo(digest);
    }

    @Test
    void a_secret_that_is_short_or_empty_or_readable_by_others_is_refused_without_being_shown() throws IOException {
        assertThat(IdempotencySecret.read(file("short", "a-short-one")))
                .isEqualTo(new IdempotencySecret.Reading.Refused(
                        "have at least 32 characters in its first line", "11 characters"));
        assertThat(IdempotencySecret.read(file("empty", "")))
                .isEqualTo(new IdempotencySecret.Reading.Refused("have the secret in its first line", "IOException"));
        Path open = file("open", SECRET);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(IdempotencySecret.read(open))
                .isInstanceOfSatisfying(IdempotencySecret.Reading.Refused.class, refused -> {
                    assertThat(refused.rule()).isEqualTo("be readable by the service's user alone");
                    assertThat(refused.found()).contains("rw-r--r--").doesNotContain(SECRET);
                });
        assertThat(IdempotencySecret.read(directory)).isInstanceOf(IdempotencySecret.Reading.Refused.class);
    }

    @Test
    void a_secret_that_is_not_on_this_host_is_missing() {
        assertThat(IdempotencySecret.read(directory.resolve("nowhere")))
                .isEqualTo(new IdempotencySecret.Reading.Missing());
    }
}
