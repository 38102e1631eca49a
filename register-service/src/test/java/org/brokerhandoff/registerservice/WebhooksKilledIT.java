package org.brokerhandoff.registerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.brokerhandoff.registerservice.WebhookReceiver.Arrival;
import org.brokerhandoff.registerservice.WebhookReceiver.Reaction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Register services, as processes, are killed with SIGKILL while they send webhooks; two share them; the register is deleted in between. */
@Tag("faults")
class WebhooksKilledIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int SIGNUPS = 90;

    @TempDir
    Path directory;

    @Test
    void nothing_is_missing_the_order_is_kept_and_a_repeat_has_the_same_id() throws Exception {
        try (FeedFixture fixture = new FeedFixture(directory)) {
            WebhookReceiver shop = fixture.receiver();
            // Some entries are not accepted at once, so that there is always something in progress.
            shop.behave((number, arrival) -> number % 9 == 8 ? Reaction.status(503) : Reaction.status(200));
            fixture.feeds("feeds:\n" + FeedFixture.local("shop", "website-1", shop));
            fixture.beginsAtTheBeginning("shop", Instant.now());
            List<Process> running = new ArrayList<>();
            running.add(fixture.register.fork(RegisterServiceMain.class));
            running.add(fixture.register.fork(RegisterServiceMain.class));
            List<String> signups = new ArrayList<>();
            for (int kill = 0; kill < 3; kill++) {
                for (int at = 0; at < SIGNUPS / 3; at++) {
                    signups.add(fixture.handedOver("website-1"));
                }
                int before = shop.arrivals().size();
                // In the middle: while entries arrive.
                await().atMost(LIMIT).until(() -> shop.arrivals().size() > before || all(shop, signups));
                Process killed = running.remove(0);
                killed.destroyForcibly().waitFor();
                if (kill == 2) {
                    running.remove(0).destroyForcibly().waitFor();
                    for (String file : List.of("register.db", "register.db-wal", "register.db-shm")) {
                        Files.deleteIfExists(directory.resolve(file));
                    }
                }
                running.add(fixture.register.fork(RegisterServiceMain.class));
            }
            for (String signup : signups) {
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(shop.taken(signup)).isEqualTo(FeedFixture.LIFE));
            }
            assertThat(shop.arrivals()).allMatch(arrival -> arrival.signedWith(fixture.secret));
            ordered(shop, signups);
            assertThat(shop.arrivals().stream().map(Arrival::id).collect(Collectors.toSet()))
                    .describedAs("ids, of %s arrivals", shop.arrivals().size())
                    .hasSize(3 * SIGNUPS);
        }
    }

    private static boolean all(WebhookReceiver shop, List<String> signups) {
        return signups.stream().allMatch(signup -> shop.taken(signup).equals(FeedFixture.LIFE));
    }

    /** No entry of a signup arrives before all earlier ones have been accepted. */
    private static void ordered(WebhookReceiver shop, List<String> signups) {
        for (String signup : signups) {
            Set<String> taken = new LinkedHashSet<>();
            for (Arrival arrival : shop.arrivals()) {
                if (arrival.signup().equals(signup)) {
                    assertThat(taken)
                            .describedAs("%s of %s", arrival.type(), signup)
                            .containsAll(FeedFixture.LIFE.subList(0, FeedFixture.LIFE.indexOf(arrival.type())));
                    if (arrival.taken()) {
                        taken.add(arrival.type());
                    }
                }
            }
        }
    }
}
