package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.sandbox.Reaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A broker's limit per second is kept by all routers together, whichever of them has which partitions. */
@Execution(ExecutionMode.CONCURRENT)
class SharedRateIT {
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PER_SECOND = 12;
    private static final int SIGNUPS = 150;
    /** So late a request may arrive on a machine that is busy with other tests. */
    private static final double LATE_SECONDS = 1;

    @TempDir
    Path directory;

    @Test
    void routers_that_join_leave_and_are_thrown_out_give_a_broker_no_more_than_it_takes() throws Exception {
        List<Long> arrivals = new CopyOnWriteArrayList<>();
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1));
                Admin admin = new KafkaClients(fixture.settings.eventLog()).admin("test-admin")) {
            fixture.fjord.behave(facts -> {
                arrivals.add(System.nanoTime());
                return Reaction.accept();
            });
            fixture.terms("fjord-markets", "limits: {perSecond: " + PER_SECOND + "}");
            Set<UUID> ids = new HashSet<>();
            for (int i = 0; i < SIGNUPS; i++) {
                ids.add(fixture.source.send("NO", PERSON, "fjord-markets").signupId());
            }
            RouterService first = fixture.startRouter();
            awaitArrivals(arrivals, 20);
            fixture.startRouter();
            await("both have partitions").atMost(LIMIT).until(() -> fixture.membersWithPartitions() == 2);
            awaitArrivals(arrivals, arrivals.size() + 30);
            // What both have is lost to them at once, and taken up again.
            admin.removeMembersFromConsumerGroup(fixture.settings.group(), new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get(20, TimeUnit.SECONDS);
            awaitArrivals(arrivals, arrivals.size() + 20);
            first.close();
            await().atMost(LIMIT).until(() -> fixture.distinctPurges().keySet().containsAll(ids));
        }
        assertThat(arrivals).as("one for each signup").hasSize(SIGNUPS);
        List<Long> ordered = new ArrayList<>(arrivals);
        ordered.sort(null);
        for (int from = 0; from < SIGNUPS; from++) {
            for (int to = from; to < SIGNUPS; to++) {
                double seconds = (ordered.get(to) - ordered.get(from)) / 1e9;
                if (to - from + 1 > PER_SECOND * (seconds + 1 + LATE_SECONDS)) {
                    throw new AssertionError(to - from + 1 + " arrivals in " + seconds + " s");
                }
            }
        }
        double whole = (ordered.get(SIGNUPS - 1) - ordered.get(0)) / 1e9;
        assertThat(whole).as("seconds for all").isLessThan(3.0 * SIGNUPS / PER_SECOND);
    }

    private static void awaitArrivals(List<Long> arrivals, int count) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> arrivals.size() >= count);
    }
}
