package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.brokerhandoff.router.directory.NewBrokerSecret;
import org.brokerhandoff.sandbox.Books;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretReloadIT {
    @TempDir
    Path directory;

    @Test
    void a_changed_secret_file_is_used_without_a_restart() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofMinutes(10))) {
            Path file = directory.resolve("fjord.secret");
            String right = Files.readString(file);
            // Of the other scheme, too: the broker has no key for it.
            Files.writeString(
                    file,
                    NewBrokerSecret.asymmetric(new java.security.SecureRandom()).secret());
            fixture.startRouter();
            SignupSource.Sent sent = fixture.source.send(
                    "NO",
                    "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}",
                    "fjord-markets");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> fixture.fjord.books().totals().badSignatures() > 0);
            assertThat(fixture.fjord.books().account(sent.signupId())).isEmpty();

            Files.writeString(file, right);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> fixture.fjord
                            .books()
                            .account(sent.signupId())
                            .filter(Books.Account::isAccepted)
                            .isPresent());
        }
    }
}
