package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.LiftOutcome;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LogMark;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
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
                assertThat(awaited(custody.read(sent.slot()))).isEmpty();
                assertThat(awaited(custody.key(sent.slot(), sent.signupId()))).isEmpty();
                assertThat(awaited(custody.erased())).isEmpty();
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

    /** Put back together, slot file and keyset cannot be told from the latest; and what the mark in the file leaves out is not needed. */
    @Test
    void a_purge_behind_the_mark_of_a_copy_is_found_when_slot_file_and_keyset_are_put_back() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            Path slots = fixture.settings.custody().file();
            Path keyset = fixture.settings.keysetFile();
            SignupSource.Sent before = fixture.source.send("NO", PERSON, "fjord-markets");
            RouterService first = fixture.startRouter();
            await().atMost(LIMIT).until(() -> fixture.distinctPurges().containsKey(before.signupId()));
            await().atMost(LIMIT).until(() -> first.unfinished() == 0);
            first.close();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets");
            KafkaClients clients = new KafkaClients(fixture.settings.eventLog());
            try (SlotFile custody = SlotFile.open(fixture.settings.custody(), FileKeyset.openOrCreate(keyset));
                    Admin admin = clients.admin("test-admin")) {
                var unused = custody.serveKeysAfter((signups, mark, handler) -> {}, Duration.ofHours(1));
                // As if by a process that marked minutes ago: Kafka's times say nothing about what is before.
                custody.mark(LogMark.now(
                                admin,
                                fixture.settings.eventLog(),
                                List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES),
                                Instant.now().plusSeconds(600))
                        .encoded());
            }
            byte[] slotsBackup = Files.readAllBytes(slots);
            byte[] keysetBackup = Files.readAllBytes(keyset);
            RouterService second = fixture.startRouter();
            await().atMost(LIMIT).until(() -> fixture.distinctPurges().containsKey(sent.signupId()));
            await().atMost(LIMIT).until(() -> second.unfinished() == 0);
            second.close();
            Files.write(slots, slotsBackup);
            Files.write(keyset, keysetBackup);

            RouterService third = fixture.startRouter();
            await().atMost(LIMIT).until(() -> third.readiness().check().equals(Health.healthy()));
            try (SlotFile custody = SlotFile.open(fixture.settings.custody(), FileKeyset.openOrCreate(keyset))) {
                assertThat(awaited(custody.read(sent.slot()))).isEmpty();
                assertThat(custody.serving()).as("no slot is live").isTrue();
            }
            assertThat(fixture.distinctPurges().get(sent.signupId())).hasSize(1);
        }
    }

    @Test
    void a_restriction_that_a_backup_lacks_holds_before_the_router_works() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1))) {
            Path slots = fixture.settings.custody().file();
            SignupSource.Sent sent = fixture.source.send("NO", PERSON, "fjord-markets");
            byte[] backup = Files.readAllBytes(slots);
            assertThat(fixture.source
                            .custody()
                            .restrict(sent.slot(), sent.signupId())
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(RestrictOutcome.Restricted.class);
            fixture.source
                    .publisher()
                    .publish(Topic.CONSENTS, sent.signupId(), restriction(sent))
                    .toCompletableFuture()
                    .join();
            Files.write(slots, backup);

            fixture.startRouter();
            await().atMost(LIMIT).until(() -> RestrictionIT.parked(fixture, sent.signupId()));
            RestrictionIT.assertNothingSent(fixture, sent.signupId());
            try (SlotFile custody =
                    SlotFile.open(fixture.settings.custody(), FileKeyset.openOrCreate(fixture.settings.keysetFile()))) {
                assertThat(custody.lift(sent.slot(), sent.signupId())
                                .toCompletableFuture()
                                .join())
                        .isInstanceOf(LiftOutcome.Lifted.class);
            }
            await().atMost(LIMIT)
                    .until(() -> RestrictionIT.purge(fixture, sent.signupId()).isPresent());
            assertThat(RestrictionIT.purge(fixture, sent.signupId())
                            .orElseThrow()
                            .getReason())
                    .isEqualTo(PurgeReason.DELIVERED);
        }
    }

    private static RightsRequested restriction(SignupSource.Sent sent) {
        return RightsRequested.newBuilder()
                .setSignupId(SignupIds.fixed(sent.signupId()))
                .setRequestId(new RandomId(SignupIds.bytes(UUID.randomUUID())))
                .setType(RightsType.RESTRICTION)
                .setRequestedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .setDueAt(Instant.now().truncatedTo(ChronoUnit.MILLIS).plus(Duration.ofDays(30)))
                .setMethod(RequestMethod.WEBSITE)
                .setFound(HoldingFound.HELD)
                .setAttempts(0)
                .build();
    }
}
