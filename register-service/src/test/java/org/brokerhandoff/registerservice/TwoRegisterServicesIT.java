package org.brokerhandoff.registerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.register.NoticeStatus;
import org.brokerhandoff.register.SignupState;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.registerservice.ReadRegister.Statuses;
import org.brokerhandoff.router.deliver.NoticeClient;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two register services, as processes, share the work; one is killed, and one is suspended beyond its session timeout. */
@Tag("faults")
class TwoRegisterServicesIT {
    private static final int SIGNUPS = 300;
    private static final long EVERY_MILLIS = 80;

    @TempDir
    Path directory;

    @Test
    void nothing_is_lost_and_each_broker_is_told_though_one_is_killed_and_one_is_stopped() throws Exception {
        try (RegisterFixture fixture = new RegisterFixture(directory)) {
            Process first = fixture.fork(RegisterServiceMain.class);
            Process second = fixture.fork(RegisterServiceMain.class);
            List<UUID> signups = new ArrayList<>();
            for (int i = 0; i < SIGNUPS; i++) {
                signups.add(UUID.randomUUID());
            }
            CountDownLatch third = new CountDownLatch(SIGNUPS / 3);
            CountDownLatch twoThirds = new CountDownLatch(2 * SIGNUPS / 3);
            Thread load = new Thread(() -> signups.forEach(id -> {
                record(fixture, id);
                third.countDown();
                twoThirds.countDown();
                pause(EVERY_MILLIS);
            }));
            load.start();
            assertThat(third.await(2, TimeUnit.MINUTES)).isTrue();
            first.destroyForcibly().waitFor();
            Process next = fixture.fork(RegisterServiceMain.class);
            assertThat(twoThirds.await(2, TimeUnit.MINUTES)).isTrue();
            signal("STOP", second.pid());
            pause(9_000);
            signal("CONT", second.pid());
            load.join();

            try (ReadRegister register = new ReadRegister(fixture)) {
                await().atMost(RegisterFixture.LIMIT).untilAsserted(() -> {
                    Statuses statuses = register.statuses(signups);
                    assertThat(statuses.missing()).isEmpty();
                    assertThat(statuses.found()).extracting(SignupStatus::state).containsOnly(SignupState.WITHDRAWN);
                    assertThat(statuses.found())
                            .extracting(status -> status.withdrawal()
                                    .flatMap(withdrawal -> withdrawal.notice())
                                    .map(NoticeStatus::state))
                            .containsOnly(Optional.of(NoticeStatus.State.CONFIRMED));
                });
                assertThat(second.isAlive()).isTrue();
                assertThat(next.isAlive()).isTrue();
                assertThat(register.text()).isEqualTo(register.rebuiltText(directory.resolve("anew.db")));
            }
            long toldAgain = 0;
            for (UUID id : signups) {
                assertThat(fixture.notice(id).orElseThrow().completed()).isTrue();
                // One that arrived and whose answer was late is sent again, and recorded so.
                toldAgain += fixture.notice(id).orElseThrow().arrivals()
                        - 1
                        - fixture.unansweredSendings(id).size();
                assertThat(fixture.answeredSendings(id))
                        .as("one sending that the broker confirmed, also where it was made twice")
                        .hasSize(1);
            }
            assertThat(toldAgain)
                    .as("what the killed and the stopped one had under way")
                    .isLessThanOrEqualTo(2L * NoticeClient.MOST_AT_ONCE_PER_BROKER);
        }
    }

    private static void record(RegisterFixture fixture, UUID id) {
        fixture.publish(Topic.CONSENTS, id, Facts.granted(id, "fjord-markets")).join();
        fixture.publish(Topic.HANDOFFS, id, Facts.assigned(id, "fjord-markets")).join();
        fixture.publish(Topic.HANDOFFS, id, Facts.delivered(id, "fjord-markets"))
                .join();
        fixture.withdraw(id);
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
