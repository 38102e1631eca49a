package org.brokerhandoff.ingest.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @Test
    void a_new_key_authenticates_with_the_line_that_was_printed_for_it() throws IOException {
        NewApiKey key = NewApiKey.make("website-1", List.of(Scope.WEBSITE), new SecureRandom());
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
                .hasMessageContaining("key 2: scopes has one that is neither")
                .hasMessageContaining("key 2: sha256 must be 64")
                .hasMessageContaining("key 3: id is there twice")
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

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("api-keys.yaml"), text);
    }
}
