package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.PurgeHistory;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.service.CellsConfiguration;
import org.brokerhandoff.custody.service.Custodies;
import org.brokerhandoff.custody.service.ServiceCustody;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.schemas.EventCodec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dump of the decisions, restored by PostgreSQL's own tools after keys were destroyed and other decisions were made. */
class RestoredDatabaseIT {
    private static final Duration HOLD = Duration.ofHours(1);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Ownership OWNER = () -> true;
    private static final PurgeHistory NOTHING_SAID = (signups, mark, handler) -> {};

    @TempDir
    Path folder;

    @BeforeAll
    static void avroTrustsEvents() {
        var unused = new EventCodec();
    }

    private record Held(UUID signupId, SlotReference slot) {}

    private ServiceCustody open(String setting) {
        Optional<CellsConfiguration> where =
                CellsConfiguration.of(SettingsReader.of(Map.of("HANDOFF_CUSTODY", setting), Service.PREFLIGHT));
        Path file = folder.resolve("custody.slots");
        return Custodies.open(
                new CustodySettings(file, 32, 32), folder.resolve("custody.keyset"), where, InstantSource.system());
    }

    private static Held hold(ServiceCustody custody) {
        UUID signupId = UUID.randomUUID();
        List<HoldOutcome.Held> held = new ArrayList<>();
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> held.add((HoldOutcome.Held)
                        awaited(custody.keys().hold(signupId, Instant.now().plus(HOLD)))));
        held.get(0).key().destroy();
        return new Held(signupId, held.get(0).slot());
    }

    private static Optional<DataKey> key(ServiceCustody custody, Held held) {
        return awaited(custody.keys().key(held.slot(), held.signupId()));
    }

    /** As services do at their start. */
    private static void awaitCells(ServiceCustody custody) {
        assertThat(custody.examine(ServiceName.ROUTER, Instant.now()).event().getCells())
                .hasSize(3);
    }

    private static void assertDecidesNothing(ServiceCustody custody, Held held) {
        assertThat(custody.serving()).isFalse();
        for (Runnable question : List.<Runnable>of(
                () -> key(custody, held),
                () -> awaited(custody.keys().erase(held.slot(), held.signupId(), EraseReason.WITHDRAWN)),
                () -> awaited(custody.keys().restrict(held.slot(), held.signupId())),
                () -> awaited(custody.keys().offer(OWNER, held.slot(), held.signupId(), 0, new BrokerTag(1))),
                () -> awaited(
                        custody.keys().hold(UUID.randomUUID(), Instant.now().plus(HOLD))))) {
            assertThatThrownBy(question::run)
                    .as("no answer is better than a false one")
                    .isInstanceOf(CustodyException.class);
        }
    }

    @Test
    void a_database_that_was_restored_is_refused_and_if_accepted_gives_no_key_and_no_answer_that_the_log_contradicts()
            throws Exception {
        try (CellEngines engines = TestEngines.start(folder.resolve("engines"), "")) {
            String setting = engines.setting();
            Held purged;
            Held delivered;
            Held restricted;
            Held untouched;
            Path dump = folder.resolve("dump.sql");
            try (ServiceCustody custody = open(setting)) {
                assertThat(custody.serving()).as("nothing is held").isTrue();
                purged = hold(custody);
                delivered = hold(custody);
                restricted = hold(custody);
                untouched = hold(custody);
                engines.database.dump(dump);
                for (Held erased : List.of(purged, delivered)) {
                    assertThat(awaited(
                                    custody.keys().offer(OWNER, erased.slot(), erased.signupId(), 0, new BrokerTag(1))))
                            .isEqualTo(new OfferOutcome.Offered(1));
                    assertThat(awaited(custody.keys().erase(erased.slot(), erased.signupId(), EraseReason.DELIVERED)))
                            .isInstanceOf(EraseOutcome.Erased.class);
                }
                assertThat(awaited(custody.keys().free(purged.slot(), purged.signupId())))
                        .isTrue();
                assertThat(awaited(custody.keys().restrict(restricted.slot(), restricted.signupId())))
                        .isInstanceOf(RestrictOutcome.Restricted.class);
                long seen = engines.serial();
                await().atMost(LIMIT).until(() -> engines.serial() > seen);
            }

            engines.database.restore(dump);
            assertThatThrownBy(() -> open(setting))
                    .isInstanceOf(CustodyException.class)
                    .hasMessageContaining("older copy")
                    .hasMessageContaining("acceptOlder: true");

            try (ServiceCustody custody = open(engines.accepting(setting))) {
                assertDecidesNothing(custody, purged);
                awaitCells(custody);
                List<Integer> asked = new ArrayList<>();
                custody.serveKeysAfter(
                        (signups, mark, handler) -> {
                            asked.add(signups.size());
                            handler.purged(
                                    purged.signupId(),
                                    purged.slot().slot(),
                                    purged.slot().generation());
                            handler.ended(purged.signupId(), EraseReason.DELIVERED);
                            handler.ended(delivered.signupId(), EraseReason.DELIVERED);
                            handler.restricted(restricted.signupId());
                        },
                        HOLD);
                assertThat(asked)
                        .as("of all, and again of the one that is not restricted: that may have been lifted meanwhile")
                        .containsExactly(4, 1);
                await().atMost(LIMIT).until(() -> key(custody, untouched).isPresent());
                assertThat(key(custody, purged)).isEmpty();
                assertThat(key(custody, delivered)).isEmpty();
                assertThat(awaited(custody.keys().read(purged.slot()))).isEmpty();
                assertThat(awaited(custody.keys().read(delivered.slot()))).hasValueSatisfying(row -> {
                    assertThat(row.state()).isEqualTo(SlotState.ERASED);
                    assertThat(row.reason()).contains(EraseReason.DELIVERED);
                });
                assertThat(awaited(custody.keys()
                                .offer(OWNER, restricted.slot(), restricted.signupId(), 0, new BrokerTag(1))))
                        .isInstanceOf(OfferOutcome.Restricted.class);

                engines.database.restore(dump);
                await().atMost(LIMIT).until(() -> !custody.serving());
                assertDecidesNothing(custody, untouched);
            }
            try (ServiceCustody custody = open(engines.accepting(setting))) {
                awaitCells(custody);
                custody.serveKeysAfter(NOTHING_SAID, HOLD);
                await().atMost(LIMIT).until(() -> key(custody, untouched).isPresent());
                assertThat(key(custody, purged))
                        .as("also where the log said nothing, the cells have zeros")
                        .isEmpty();
            }
        }
    }
}
