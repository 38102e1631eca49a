package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.ParkedSignup;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.event.SetAside;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Routers that run beside services of a newer version: they stop in front of what they cannot read and say so, and the upgraded router
 * continues from there. Nothing is lost, nothing goes out twice, and no claim says more than is true.
 */
class UpgradeIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";

    @TempDir
    Path directory;

    private static void awaitUnknownSchema(RouterService router, String... places) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(router.readiness().check().toString())
                        .contains("unknown-schema", "upgrade this service")
                        .contains(places));
    }

    private static List<UUID> send(RouterFixture fixture, int count, String... brokers) {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(fixture.source.send("NO", PERSON, brokers).signupId());
        }
        return ids;
    }

    private static UUID idOf(RouterFixture fixture, int partition) {
        UUID id = UUID.randomUUID();
        return EventPartitions.of(id, fixture.settings.eventLog().partitions()) == partition
                ? id
                : idOf(fixture, partition);
    }

    private static void awaitPurged(RouterFixture fixture, List<UUID> ids) {
        await().atMost(LIMIT).until(() -> fixture.distinctPurges().keySet().containsAll(ids));
    }

    private static Purged purge(RouterFixture fixture, UUID id) {
        assertThat(fixture.distinctPurges().get(id)).hasSize(1);
        return fixture.purges().stream()
                .filter(purged -> SignupIds.uuid(purged.getSignupId()).equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void assertDeliveredOnceAndPurged(RouterFixture fixture, List<UUID> ids) {
        for (UUID id : ids) {
            assertThat(fixture.fjord.books().account(id).map(Books.Account::accepted))
                    .contains(1);
            Purged purged = purge(fixture, id);
            assertThat(purged.getReason()).isEqualTo(PurgeReason.DELIVERED);
            assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
        }
    }

    @Test
    void a_router_older_than_ingest_stops_at_its_partitions_and_the_upgraded_one_delivers_all_of_them_once()
            throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            RouterService before = fixture.startRouter();
            List<UUID> delivered = send(fixture, 6, "fjord-markets");
            awaitPurged(fixture, delivered);
            await().atMost(LIMIT).until(() -> before.unfinished() == 0);
            before.close();

            RouterService older = fixture.startRouter(EventCodec.olderThan(SealedSignup.class));
            List<UUID> waiting = new ArrayList<>();
            for (int partition = 0; partition < 3; partition++) {
                for (int i = 0; i < 4; i++) {
                    waiting.add(fixture.source
                            .send(idOf(fixture, partition), "NO", PERSON, "fjord-markets")
                            .signupId());
                }
            }
            SignupSource.Sent withdrawn = fixture.source.send("NO", PERSON, "fjord-markets");
            assertThat(fixture.source.custody().erase(withdrawn.slot(), withdrawn.signupId(), EraseReason.WITHDRAWN))
                    .succeedsWithin(LIMIT);
            awaitUnknownSchema(older, "signups-0: ", "signups-1: ", "signups-2: ");
            assertThat(older.readiness().check()).isInstanceOf(Health.Unhealthy.class);
            // The purge of the one that was withdrawn is due, and is not claimed: its record is served.
            await().atMost(LIMIT).until(() -> older.unfinished() == 1);
            assertThat(fixture.fjord.books().totals().deliveries()).isEqualTo(delivered.size());
            assertThat(fixture.sealedRecords()).hasSize(waiting.size() + 1);
            assertThat(fixture.events(Topic.HANDOFFS)).noneMatch(SetAside.class::isInstance);
            assertThat(fixture.distinctPurges().keySet()).containsExactlyInAnyOrderElementsOf(delivered);
            older.close();

            RouterService upgraded = fixture.startRouter();
            awaitPurged(fixture, waiting);
            awaitPurged(fixture, List.of(withdrawn.signupId()));
            assertDeliveredOnceAndPurged(fixture, delivered);
            assertDeliveredOnceAndPurged(fixture, waiting);
            assertThat(purge(fixture, withdrawn.signupId()).getReason()).isEqualTo(PurgeReason.WITHDRAWN);
            assertThat(purge(fixture, withdrawn.signupId()).getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
            assertThat(fixture.fjord.books().account(withdrawn.signupId())).isEmpty();
            assertThat(fixture.sealedRecords()).isEmpty();
            assertThat(upgraded.readiness().check()).isEqualTo(Health.healthy());
        }
    }

    /** Due while the record cannot be read: destruction is promised, and no more than that is claimed. */
    @Test
    void a_signup_that_expires_in_front_of_a_stopped_router_is_claimed_unreadable_and_no_more() {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofSeconds(16))) {
            RouterService older = fixture.startRouter(EventCodec.olderThan(SealedSignup.class));
            UUID expired = send(fixture, 1, "fjord-markets").get(0);
            awaitUnknownSchema(older, "signups-");
            awaitPurged(fixture, List.of(expired));
            Purged purged = purge(fixture, expired);
            assertThat(purged.getReason()).isEqualTo(PurgeReason.EXPIRED);
            assertThat(purged.getLevel()).isEqualTo(PurgeLevel.UNREADABLE);
            assertThat(fixture.fjord.books().totals().deliveries()).isZero();
        }
    }

    /** With keys in use at its start, a router first reads what became of them: what it cannot read may say that. */
    @Test
    void an_assignment_of_a_newer_router_keeps_an_older_one_from_serving_keys_and_is_kept_after_the_upgrade()
            throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            UUID begun = idOf(fixture, 1);
            fixture.source.send(begun, "NO", PERSON, "fjord-markets", "nordlys-invest");
            // fjord-markets would come first.
            fixture.source
                    .publisher()
                    .publish(Topic.HANDOFFS, begun, assigned(begun, "nordlys-invest"))
                    .toCompletableFuture()
                    .join();
            List<UUID> others = send(fixture, 3, "fjord-markets");
            RouterService older = fixture.startRouter(EventCodec.olderThan(Assigned.class));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(older.readiness().check().toString())
                            .contains("custody-unchecked", "handoffs-1@0", "upgrade this service"));
            older.close();
            assertThat(fixture.nordlys.books().totals().deliveries()).isZero();
            assertThat(fixture.fjord.books().totals().deliveries()).isZero();
            assertThat(fixture.distinctPurges()).isEmpty();
            assertThat(fixture.sealedRecords()).hasSize(4);

            fixture.startRouter();
            awaitPurged(fixture, List.of(begun));
            awaitPurged(fixture, others);
            assertThat(fixture.nordlys.books().account(begun).map(Books.Account::accepted))
                    .contains(1);
            assertThat(fixture.fjord.books().account(begun)).isEmpty();
            assertThat(purge(fixture, begun).getLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
            assertDeliveredOnceAndPurged(fixture, others);
        }
    }

    private static Assigned assigned(UUID signup, String broker) {
        return Assigned.newBuilder()
                .setSignupId(SignupIds.fixed(signup))
                .setBroker(broker)
                .setHop(0)
                .setDirectoryDigest(new Digest(new byte[32]))
                .setDecidedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .setCountry("NO")
                .setLanguage("nb")
                .setRecipients(List.of("fjord-markets", "nordlys-invest"))
                .setCandidates(List.of())
                .setExclusions(List.of())
                .build();
    }

    @Test
    void copies_of_a_newer_router_stay_parked_while_fresh_signups_go_on() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            fixture.fjord.behave(Behaviour.unavailable());
            RouterService newer = fixture.startRouter();
            List<UUID> parked = send(fixture, 5, "fjord-markets");
            await().atMost(LIMIT)
                    .until(() -> fixture.events(Topic.SIGNUPS_PARKED).stream()
                                    .filter(ParkedSignup.class::isInstance)
                                    .map(event -> SignupIds.uuid(((ParkedSignup) event).getSignupId()))
                                    .distinct()
                                    .count()
                            == parked.size());
            newer.close();
            fixture.fjord.behave(Behaviour.accepting());

            RouterService older = fixture.startRouter(EventCodec.olderThan(ParkedSignup.class));
            List<UUID> fresh = send(fixture, 5, "fjord-markets");
            awaitPurged(fixture, fresh);
            awaitUnknownSchema(older, "signups-parked-");
            assertThat(fixture.distinctPurges().keySet()).doesNotContainAnyElementsOf(parked);
            parked.forEach(id -> assertThat(fixture.fjord.books().account(id).filter(Books.Account::isAccepted))
                    .isEmpty());
            older.close();

            fixture.startRouter();
            awaitPurged(fixture, parked);
            assertDeliveredOnceAndPurged(fixture, fresh);
            assertDeliveredOnceAndPurged(fixture, parked);
            assertThat(fixture.events(Topic.SIGNUPS_PARKED)).noneMatch(ParkedSignup.class::isInstance);
        }
    }

    /** A purge that it cannot read may be of a slot that a backup has brought back. */
    @Test
    void no_key_is_served_before_all_purges_can_be_read() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            // So many that some have a partition in common: a slot is compared with the purges of its own partition.
            List<UUID> delivered = send(fixture, 15, "fjord-markets");
            RouterService before = fixture.startRouter();
            awaitPurged(fixture, delivered);
            await().atMost(LIMIT).until(() -> before.unfinished() == 0);
            before.close();
            List<UUID> waiting = send(fixture, 15, "fjord-markets");

            RouterService older = fixture.startRouter(EventCodec.olderThan(Purged.class));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(older.readiness().check().toString())
                            .contains("custody-unchecked", "purges-", "upgrade this service"));
            assertThat(fixture.fjord.books().totals().deliveries()).isEqualTo(delivered.size());
            assertThat(fixture.sealedRecords()).hasSize(waiting.size());
            older.close();

            fixture.startRouter();
            awaitPurged(fixture, waiting);
            assertDeliveredOnceAndPurged(fixture, waiting);
            assertThat(Set.copyOf(fixture.distinctPurges().keySet())).hasSize(delivered.size() + waiting.size());
        }
    }
}
