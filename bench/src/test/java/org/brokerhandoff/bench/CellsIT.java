package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.event.CellReadBack;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.traffic.WebsiteClient;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All services over a custody of cells: signups, withdrawals, a cell that is killed and returns empty, and too few cells. */
class CellsIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    static <T> T now(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    static byte[] request(int person, String... brokers) {
        return SamplePeople.signupRequest(
                SamplePeople.person(person), Rig.POLICY_VERSION, List.of(brokers), Instant.now());
    }

    private static UUID accepted(WebsiteClient website, int person) {
        WebsiteClient.Reply reply =
                now(website.signup(request(person, "fjord"), UUID.randomUUID().toString()));
        assertThat(reply.status()).isEqualTo(202);
        return reply.signupId().orElseThrow();
    }

    @Test
    void signups_go_through_a_custody_of_cells_also_after_one_of_them_has_lost_all_it_had() throws Exception {
        try (CellEngines engines = TestEngines.start(folder.resolve("engines"), "")) {
            boolean first = engines.report(0);
            boolean second = engines.report(1);
            goThrough(engines, first && second);
        }
    }

    private void goThrough(CellEngines engines, boolean memoryKept) throws Exception {
        try (SmallInstallation installation = installation(engines)) {
            SandboxBrokerControl fjord = new SandboxBrokerControl(installation);
            UUID delivered = accepted(installation.website, 0);
            await().atMost(LIMIT).until(() -> installation.purged(delivered));
            assertThat(fjord.has(delivered)).isTrue();

            fjord.fails();
            UUID withdrawn = accepted(installation.website, 1);
            UUID waiting = accepted(installation.website, 2);
            assertThat(now(installation.website.withdraw(withdrawn)).status()).isEqualTo(200);
            engines.kill(0);
            UUID meanwhile = accepted(installation.website, 3);
            engines.start(0);
            await().atMost(LIMIT).until(() -> engines.keys(0) >= 2);
            engines.kill(1);
            fjord.accepts();
            await().atMost(LIMIT).until(() -> installation.purged(waiting) && installation.purged(meanwhile));
            assertThat(fjord.has(waiting)).as("of a share that was repaired").isTrue();
            assertThat(fjord.has(meanwhile)).isTrue();
            assertThat(fjord.has(withdrawn)).isFalse();

            UUID common = oneOfTwo(installation);

            engines.kill(2);
            await().atMost(LIMIT).untilAsserted(() -> {
                WebsiteClient.Reply refused = now(installation.website.signupOnce(
                        request(4, "fjord"), UUID.randomUUID().toString()));
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.members().toString()).contains("custody-unavailable");
            });
            engines.start(1);
            engines.start(2);
            UUID after = acceptedAgain(installation.website);
            await().atMost(LIMIT)
                    .until(() -> installation.purged(after)
                            && installation.purged(withdrawn)
                            && installation.purged(common));
            assertThat(fjord.has(after)).isTrue();
            await().atMost(LIMIT).until(() -> engines.noneIs("state <> 'ERASED'"));
            Verdict verdict = AuditVerifier.verify(installation.clients, installation.codec, Instant.now(), true);
            assertThat(verdict.holds()).as(verdict.render(Verdict.Style.PLAIN)).isTrue();
            CustodyExamined first = read(installation, CustodyExamined.class).stream()
                    .filter(examined -> examined.getService() == ServiceName.ROUTER)
                    .findFirst()
                    .orElseThrow();
            assertThat(first.getCells())
                    .as("two cells have an agent's report")
                    .extracting(cell -> !cell.getSwap() && !cell.getCoreDumps())
                    .containsExactly(memoryKept, memoryKept, false);
            List<Purged> purges = read(installation, Purged.class);
            assertThat(purges)
                    .filteredOn(purge -> SignupIds.uuid(purge.getSignupId()).equals(delivered))
                    .extracting(Purged::getLevel)
                    .as("as with a slot file, an agent looks at Kafka's files")
                    .containsExactly(first.getHighestLevel());
            assertThat(first.getHighestLevel() == PurgeLevel.UNREADABLE).isEqualTo(!memoryKept);
            assertThat(purges).hasSize(6).extracting(Purged::getReadBack).containsOnly(ReadBack.CELLS);
            assertThat(purges.stream().filter(purge -> purge.getCells() != null))
                    .as("but for those of the moment between a cell's start and its examination in the log")
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allSatisfy(purge -> assertThat(purge.getCells())
                            .extracting(CellReadBack::getCell)
                            .hasSizeGreaterThanOrEqualTo(2)
                            .doesNotHaveDuplicates());
        }
    }

    /** The same request to ingest services of two hosts, at once and one after the other. */
    private static UUID oneOfTwo(SmallInstallation installation) {
        WebsiteClient other = installation.anotherIngest();
        byte[] request = request(6, "fjord");
        Future<WebsiteClient.Reply> first = installation.website.signup(request, "one-key");
        Future<WebsiteClient.Reply> second = other.signup(request, "one-key");
        UUID id = now(first).signupId().orElseThrow();
        assertThat(now(second).signupId()).contains(id);
        assertThat(now(installation.website.signup(request, "one-key")).signupId())
                .contains(id);
        assertThat(now(other.signup(request, "one-key")).signupId()).contains(id);
        return id;
    }

    private static <T extends SpecificRecord> List<T> read(SmallInstallation installation, Class<T> type) {
        List<T> found = new ArrayList<>();
        try (EventReader reader = new EventReader(installation.clients, installation.codec, "test-purges")) {
            reader.readAll(List.of(Topic.PURGES), received -> {
                if (received.decoded() instanceof Decoded.Event known && type.isInstance(known.event())) {
                    found.add(type.cast(known.event()));
                }
            });
        }
        return found;
    }

    private static UUID acceptedAgain(WebsiteClient website) {
        await().atMost(LIMIT)
                .until(() -> now(website.signupOnce(request(5, "fjord"), "again-and-again"))
                                .status()
                        == 202);
        return now(website.signupOnce(request(5, "fjord"), "again-and-again"))
                .signupId()
                .orElseThrow();
    }

    private SmallInstallation installation(CellEngines engines) throws IOException {
        return new SmallInstallation(
                folder.resolve("installation"),
                List.of(new RigBroker("fjord", Behaviour.accepting(), 1, 1, List.of(), false)),
                Map.of(
                        "HANDOFF_CUSTODY",
                        engines.setting(),
                        "HANDOFF_DELIVERY_BACKOFF_MAXIMUM",
                        "PT1S",
                        "HANDOFF_PARKING_INTERVAL",
                        "PT1S"));
    }

    private record SandboxBrokerControl(SmallInstallation installation) {
        boolean has(UUID signupId) {
            return installation
                    .broker("fjord")
                    .books()
                    .account(signupId)
                    .filter(account -> account.isAccepted())
                    .isPresent();
        }

        void fails() {
            installation.broker("fjord").behave(Behaviour.flaky(1, 1));
        }

        void accepts() {
            installation.broker("fjord").behave(Behaviour.accepting());
        }
    }
}
