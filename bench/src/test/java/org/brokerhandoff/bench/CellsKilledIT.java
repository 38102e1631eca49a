package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.quickstart.traffic.WebsiteClient;
import org.brokerhandoff.sandbox.Behaviour;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Two routers and ingest as processes over a custody of cells: a cell and a router are killed while signups flow. */
@Tag("faults")
@Isolated("starts engines, a database and all services")
class CellsKilledIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int SIGNUPS = 240;

    @TempDir
    Path folder;

    @Test
    void a_cell_and_a_router_that_are_killed_cost_no_signup_its_one_broker_and_its_one_purge() throws Exception {
        try (CellEngines engines = TestEngines.start(folder.resolve("engines"), "");
                Rig rig = rig(engines)) {
            List<UUID> ids = new ArrayList<>();
            Map<UUID, String> withdrawn = new HashMap<>();
            for (int person = 0; person < SIGNUPS; person++) {
                if (person == SIGNUPS / 4) {
                    engines.kill(1);
                } else if (person == SIGNUPS / 2) {
                    rig.router.kill();
                    engines.start(1);
                } else if (person == SIGNUPS * 3 / 4) {
                    await().atMost(LIMIT).until(() -> engines.keys(1) > 0);
                    engines.kill(2);
                }
                WebsiteClient.Reply reply = CellsIT.now(rig.website.signup(
                        CellsIT.request(person, "fjord", "forgetful"),
                        UUID.randomUUID().toString()));
                assertThat(reply.status()).isEqualTo(202);
                UUID id = reply.signupId().orElseThrow();
                ids.add(id);
                if (person % 20 == 0) {
                    withdrawn.put(
                            id,
                            String.valueOf(CellsIT.now(rig.website.withdraw(id))
                                    .members()
                                    .get("outcome")));
                }
            }
            engines.start(2);
            await().atMost(LIMIT).until(() -> ids.stream().allMatch(rig::purged));
            for (UUID id : ids) {
                Life life = rig.observer.life(id).orElseThrow();
                assertThat(rig.takers(id).size()).isLessThanOrEqualTo(1);
                boolean ended = life.delivered().isPresent()
                        || life.purged().orElseThrow().getReason() == PurgeReason.WITHDRAWN;
                assertThat(ended)
                        .as(life.purged().orElseThrow().getReason() + " of " + id)
                        .isTrue();
                if ("ERASED_BEFORE_HANDOFF".equals(withdrawn.get(id))) {
                    assertThat(rig.takers(id)).isEmpty();
                }
            }
            await().atMost(LIMIT).until(() -> engines.noneIs("state <> 'ERASED' OR zeroed <> 7"));
            Verdict verdict = AuditVerifier.verify(rig.clients, rig.codec, Instant.now(), true);
            assertThat(verdict.holds()).as(verdict.render(Verdict.Style.PLAIN)).isTrue();
        }
    }

    private Rig rig(CellEngines engines) throws Exception {
        return new Rig(RigSettings.in(
                        folder.resolve("rig"),
                        List.of(
                                new RigBroker("fjord", Behaviour.flaky(0.2, 3), 1, 1, List.of(), false),
                                new RigBroker("forgetful", Behaviour.losingReplies(0.1, 5), 1, 1, List.of(), false)),
                        16)
                .withServices(new RigSettings.Services(
                        2,
                        1,
                        Map.of("HANDOFF_CUSTODY", engines.setting(), "HANDOFF_PARKING_INTERVAL", "PT2S"),
                        List.of())));
    }
}
