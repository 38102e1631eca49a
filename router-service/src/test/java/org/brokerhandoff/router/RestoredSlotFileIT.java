package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoredSlotFileIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";

    @TempDir
    Path directory;

    @Test
    void a_purged_signup_whose_slot_a_backup_brings_back_is_destroyed_again_before_the_router_works() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            Path slots = fixture.settings.custody().file();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets");
            byte[] backup = Files.readAllBytes(slots);
            RouterService first = fixture.startRouter();
            await().atMost(LIMIT)
                    .until(() -> fixture.purges().stream()
                            .anyMatch(purged ->
                                    SignupIds.uuid(purged.getSignupId()).equals(sent.signupId())));
            await().atMost(LIMIT).until(() -> first.unfinished() == 0);
            first.close();
            Files.write(slots, backup);

            RouterService second = fixture.startRouter();
            await().atMost(LIMIT).until(() -> second.readiness().check().equals(Health.healthy()));

            try (SlotFile custody =
                    SlotFile.open(fixture.settings.custody(), FileKeyset.openOrCreate(fixture.settings.keysetFile()))) {
                assertThat(custody.serving()).as("no slot is live").isTrue();
                assertThat(custody.read(sent.slot())).isEmpty();
                assertThat(custody.key(sent.slot(), sent.signupId())).isEmpty();
                assertThat(custody.erased()).isEmpty();
            }
            assertThat(fixture.distinctPurges().get(sent.signupId())).hasSize(1);
            assertThat(fixture.fjord
                            .books()
                            .account(sent.signupId())
                            .orElseThrow()
                            .accepted())
                    .isEqualTo(1);
        }
    }
}
