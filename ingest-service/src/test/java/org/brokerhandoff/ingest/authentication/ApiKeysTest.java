package org.brokerhandoff.ingest.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.operations.health.Health;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {
    private static final UUID ID = new UUID(1, 2);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private boolean begun;

    @Test
    void a_new_key_authenticates_with_the_line_that_was_printed_for_it() throws IOException {
        NewApiKey key = NewApiKey.make("website-1", Optional.empty(), List.of(Scope.WEBSITE), new SecureRandom());
        ApiKeys keys = ApiKeys.load(file("keys:\n" + key.line() + "\n"));

        assertThat(keys.authenticate(key.secret()).map(ApiKey::id)).hasValue("website-1");
        assertThat(keys.authenticate(key.secret()).orElseThrow().scopes()).containsExactly(Scope.WEBSITE);
        assertThat(keys.authenticate(key.secret() + "x")).isEmpty();
        assertThat(keys.authenticate("")).isEmpty();
        assertThat(key.line()).doesNotContain(key.secret());
        assertThat(key).hasToString("NewApiKey[redacted]");
    }

    @Test
    void all_problems_of_the_file_are_reported_together() throws IOException {
        String digest = "ab".repeat(32);
        Path file = file("""
                keys:
                  - {id: Website, scopes: [website], sha256: "%s"}
                  - {id: a, scopes: [root], sha256: "abc", note: x}
                  - {id: a, scopes: [], sha256: "%s"}
                more: 1
                """.formatted(digest, digest));

        assertThatThrownBy(() -> ApiKeys.load(file))
                .isInstanceOf(InvalidApiKeys.class)
                .hasMessageContaining("the file has an unknown member")
                .hasMessageContaining("key 1: id must be")
                .hasMessageContaining("key 2 has an unknown member")
                .hasMessageContaining("key 2: scopes has one that is not one of website, admin, metrics, canary")
                .hasMessageContaining("key 2: sha256 must be 64")
                .hasMessageContaining("key 3: the id is listed twice")
                .hasMessageContaining("key 3: scopes must be a list")
                .hasMessageContaining("key 3: sha256 is that of an earlier key")
                .hasMessageNotContaining(digest);
    }

    @Test
    void a_file_that_is_missing_or_no_yaml_is_refused() throws IOException {
        assertThatThrownBy(() -> ApiKeys.load(directory.resolve("none"))).isInstanceOf(InvalidApiKeys.class);
        Path broken = file("keys: [{id: \"secret-looking");
        assertThatThrownBy(() -> ApiKeys.load(broken))
                .isInstanceOf(InvalidApiKeys.class)
                .hasMessageNotContaining("secret-looking");
        Path twice = file("keys: []\nkeys: []\n");
        assertThatThrownBy(() -> ApiKeys.load(twice)).isInstanceOf(InvalidApiKeys.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-rw-rw-", "rw----r--", "rw-r-----"})
    void a_file_that_others_may_read_is_refused(String mode) throws IOException {
        NewApiKey key = NewApiKey.make("website-1", Optional.empty(), List.of(Scope.WEBSITE), new SecureRandom());
        Path file = file("keys:\n" + key.line() + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThatThrownBy(() -> ApiKeys.load(file))
                .isInstanceOf(InvalidApiKeys.class)
                .hasMessageContaining(mode);
    }

    @Test
    void keys_of_one_owner_share_its_signups_and_no_others() throws IOException {
        ApiKeys keys = ApiKeys.load(file(keys("a", "") + keys("b", ", owner: a") + keys("c", "")));

        ApiKey a = keys.authenticate("a").orElseThrow();
        ApiKey b = keys.authenticate("b").orElseThrow();
        ApiKey c = keys.authenticate("c").orElseThrow();
        assertThat(a.owner()).isEqualTo("a");
        assertThat(b.id()).isEqualTo("b");
        assertThat(b.owner()).isEqualTo("a");
        assertThat(b.mayActOn(ID, Optional.of("a"))).isTrue();
        assertThat(b.mayActOn(ID, Optional.of("b"))).isFalse();
        assertThat(c.mayActOn(ID, Optional.of("a"))).isFalse();
    }

    @Test
    void earlier_signups_without_an_owner_belong_to_the_only_one_or_to_the_one_that_is_named() throws IOException {
        ApiKeys one = ApiKeys.load(file(keys("a", "") + keys("b", ", owner: a")));
        assertThat(one.authenticate("b").orElseThrow().mayActOn(ID, Optional.empty()))
                .isTrue();

        ApiKeys several = ApiKeys.load(file(keys("a", "") + keys("c", "")));
        assertThat(several.authenticate("a").orElseThrow().mayActOn(ID, Optional.empty()))
                .isFalse();
        assertThat(several.authenticate("c").orElseThrow().mayActOn(ID, Optional.empty()))
                .isFalse();

        ApiKeys named = ApiKeys.load(file(keys("a", "") + keys("c", "") + "ownerOfEarlierSignups: c\n"));
        assertThat(named.authenticate("a").orElseThrow().mayActOn(ID, Optional.empty()))
                .isFalse();
        assertThat(named.authenticate("c").orElseThrow().mayActOn(ID, Optional.empty()))
                .isTrue();

        Path unknown = file(keys("a", "") + "ownerOfEarlierSignups: nobody\n");
        assertThatThrownBy(() -> ApiKeys.load(unknown)).hasMessageContaining("ownerOfEarlierSignups must be the owner");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Kari Nordmann", "''", "a/b", "1", "[a]", "null"})
    void an_owner_that_could_be_free_text_is_refused_without_repeating_it(String owner) throws IOException {
        Path file = file(keys("a", ", owner: " + owner));

        assertThatThrownBy(() -> ApiKeys.load(file))
                .hasMessageContaining("key 1: owner must be")
                .hasMessageNotContaining("Kari");
    }

    @Test
    void a_changed_file_is_taken_over_a_bad_one_is_not_and_readiness_tells() throws IOException {
        Path file = file(keys("a", "") + keys("b", ""));
        try (CurrentApiKeys current = CurrentApiKeys.follow(file)) {
            assertThat(current.health().check()).isInstanceOf(Health.Healthy.class);

            file("keys: [nonsense");
            await().until(() -> current.health().check() instanceof Health.Impaired);
            assertThat(current.get().authenticate("a")).isPresent();

            Files.delete(file);
            await().until(() -> current.health().check().toString().contains("cannot be read"));
            assertThat(current.get().authenticate("a")).isPresent();

            file(keys("b", ""));
            await().until(() -> current.get().authenticate("a").isEmpty());
            assertThat(current.get().authenticate("b")).isPresent();
            assertThat(current.health().check()).isInstanceOf(Health.Healthy.class);

            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            await().until(() -> current.health().check().toString().contains("rw-r--r--"));
            assertThat(current.get().authenticate("b")).isPresent();

            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            await().until(() -> current.health().check() instanceof Health.Healthy);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys: &k\n  - {id: a, scopes: [website], sha256: D}\n",
                "keys:\n  - {id: a, scopes: *s, sha256: D}\n",
                "keys:\n  - {id: a, scopes: [website], sha256: D}\n---\nkeys:\n  - {id: b, scopes: [admin], sha256: D}\n",
                "keys:\n  - {id: 17, scopes: [website], sha256: D}\n",
                "keys:\n  - {id: a, owner: 010, scopes: [website], sha256: D}\n",
                "keys:\n  - {id: a, id: b, scopes: [website], sha256: D}\n",
                "keys:\n  - {id: a, scopes: [website], sha256: !!str D}\n",
                "keys:\n  - {<<: {id: a}, scopes: [website], sha256: D}\n",
                "keys:\n  - {id: a, scopes: [true], sha256: D}\n",
                "keys:\n  - {id: a, scopes: [website], sha256: ~}\n",
                "keys:\n\t- {id: a, scopes: [website], sha256: D}\n",
                "\uFEFFkeys:\n  - {id: a, scopes: [website], sha256: D}\n",
            })
    void what_yaml_readers_take_differently_is_refused_with_its_line(String text) throws IOException {
        String digest = "\"" + "ab".repeat(32) + "\"";
        assertThat(ApiKeys.load(file("keys:\n  - {id: a, scopes: [website], sha256: " + digest + "}\n")))
                .isNotNull();
        Path refused = file(text.replace("D}", digest + "}"));
        assertThatThrownBy(() -> ApiKeys.load(refused))
                .isInstanceOf(InvalidApiKeys.class)
                .hasMessageContaining("line ");
    }

    /** The first one begins the file. */
    private String keys(String secret, String more) {
        String digest = HexFormat.of().formatHex(ApiKeys.sha256(secret.getBytes(StandardCharsets.UTF_8)));
        String head = begun ? "" : "keys:\n";
        begun = true;
        return head + "  - {id: " + secret + more + ", scopes: [website], sha256: \"" + digest + "\"}\n";
    }

    private Path file(String text) throws IOException {
        begun = false;
        Path file = directory.resolve("api-keys.yaml");
        // Replaced atomically, as an operator should: a half-written file could be read in between.
        Path next = Files.writeString(directory.resolve("next"), text);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        return Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
