package org.brokerhandoff.custody.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.cells.cell.CellReading;
import org.brokerhandoff.custody.cells.decisions.PartitionTokens;
import org.brokerhandoff.custody.cells.rules.CellContent;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The custody of cells, by what every custody does, and with cells that are away. */
class CellsCustodyIT extends KeyCustodyContract {
    private static final BrokerTag FJORD = BrokerTag.of("fjord-markets");

    @TempDir
    static Path folder;

    private static CellsInstallation installation;
    private CellsInstallation.@Nullable Host last;

    @BeforeAll
    static void start() {
        installation = CellsInstallation.start(folder);
    }

    @AfterAll
    static void stop() {
        if (installation != null) {
            installation.close();
        }
    }

    @Override
    KeyCustody opened() {
        last = installation.host(clock);
        return host().custody();
    }

    private CellsInstallation.Host host() {
        return Objects.requireNonNull(last);
    }

    private CustodyRow row() {
        return host().store().find(id).get(0);
    }

    private CellContent content(int cell) {
        CellReading reading = awaited(host().cells().get(cell).read(row().handle()));
        if (reading instanceof CellReading.Share share) {
            share.share().destroy();
        }
        return reading.content();
    }

    private record Owner(FencingToken token) implements Ownership {
        @Override
        public boolean held() {
            return true;
        }

        @Override
        public Optional<FencingToken> fence() {
            return Optional.of(token);
        }
    }

    @Test
    void an_owner_that_was_stopped_and_takes_itself_for_the_owner_offers_nothing() {
        PartitionTokens first = host().store().leases(UUID.randomUUID());
        PartitionTokens second = host().store().leases(UUID.randomUUID());
        FencingToken earlier = first.acquire(7, Duration.ofHours(1)).orElseThrow();
        SlotReference slot = hold(id).slot();
        assertThat(awaited(router.offer(new Owner(earlier), slot, id, 0, FJORD)))
                .isEqualTo(new OfferOutcome.Offered(1));
        first.release(earlier);
        FencingToken later = second.acquire(7, Duration.ofHours(1)).orElseThrow();
        assertThat(awaited(router.offer(new Owner(earlier), slot, id, 1, FJORD)))
                .isEqualTo(new OfferOutcome.NotOwner());
        assertThat(awaited(router.offer(new Owner(later), slot, id, 1, FJORD))).isEqualTo(new OfferOutcome.Offered(2));
    }

    @Test
    void a_cell_that_is_away_keeps_nothing_from_being_held_offered_and_erased_and_is_told_when_it_is_back() {
        SlotReference slot = hold(id).slot();
        installation.cells.get(2).signal("STOP");
        EraseOutcome.Erased erased;
        try {
            UUID meanwhile = UUID.randomUUID();
            SlotReference other = hold(meanwhile).slot();
            assertThat(awaited(router.key(other, meanwhile))).isPresent();
            assertThat(awaited(router.key(slot, id))).isPresent();
            erased = (EraseOutcome.Erased) awaited(router.erase(slot, id, EraseReason.WITHDRAWN));
        } finally {
            installation.cells.get(2).signal("CONT");
        }
        assertThat(erased.readBack()).isEqualTo(ReadBack.CELLS);
        host().awaitUsable();
        assertThat(row().zeroed().has(2)).isFalse();
        await().atMost(60, TimeUnit.SECONDS).until(() -> {
            router.sweep(clock.instant());
            return row().zeroed().has(2);
        });
        assertThat(content(2)).isEqualTo(CellContent.ZEROS);
        assertThat(awaited(router.key(slot, id))).isEmpty();
    }

    @Test
    void with_two_cells_away_nothing_is_held_and_an_erasure_stands_undone_until_the_sweep_can_finish_it() {
        SlotReference slot = hold(id).slot();
        installation.cells.get(0).signal("STOP");
        installation.cells.get(1).signal("STOP");
        try {
            // The limit for an answer passes once; from then on both count as away.
            assertThatThrownBy(() -> awaited(ingest.hold(UUID.randomUUID(), expiry)))
                    .isInstanceOf(CustodyException.class);
            assertThatThrownBy(() -> awaited(ingest.erase(slot, id, EraseReason.WITHDRAWN)))
                    .isInstanceOf(CustodyException.class);
            assertThatThrownBy(() -> awaited(ingest.key(hold(id).slot(), id))).isInstanceOf(CustodyException.class);
            assertThat(view(slot).state()).isEqualTo(SlotState.ERASING);
            assertThat(awaited(router.offer(() -> true, slot, id, 0, FJORD))).isInstanceOf(OfferOutcome.Erased.class);
            assertThat(content(2)).isEqualTo(CellContent.ZEROS);
        } finally {
            installation.cells.get(0).signal("CONT");
            installation.cells.get(1).signal("CONT");
        }
        host().awaitUsable();
        await().atMost(60, TimeUnit.SECONDS).ignoreExceptions().until(() -> {
            router.sweep(clock.instant());
            return view(slot).state() == SlotState.ERASED;
        });
        assertThat(view(slot).reason()).contains(EraseReason.WITHDRAWN);
        assertThat(content(0)).isEqualTo(CellContent.ZEROS);
        assertThat(content(1)).isEqualTo(CellContent.ZEROS);
    }

    @Test
    void the_shares_of_a_prolonged_key_outlive_its_own_end_on_the_cells_too() throws Exception {
        Instant soon = Instant.now().plusSeconds(3);
        SlotReference slot = ((org.brokerhandoff.custody.HoldOutcome.Held) awaited(ingest.hold(id, soon))).slot();
        var unused = awaited(ingest.prolong(slot, id, soon.plusSeconds(600)));
        await().atMost(60, TimeUnit.SECONDS).until(() -> Instant.now().isAfter(soon.plusSeconds(1)));
        assertThat(awaited(router.key(slot, id))).isPresent();
        assertThat(content(0)).isEqualTo(CellContent.SHARE);
    }
}
