package org.brokerhandoff.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.preflight.CanaryResult;
import org.brokerhandoff.custody.preflight.Examination;
import org.brokerhandoff.custody.preflight.FileSystem;
import org.brokerhandoff.custody.preflight.Finding;
import org.brokerhandoff.custody.preflight.FindingName;
import org.brokerhandoff.custody.preflight.PurgeCeiling;
import org.brokerhandoff.event.CanaryOutcome;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.CustodyFileSystem;
import org.brokerhandoff.event.CustodyFinding;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.schemas.CustodyCeiling;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustodyExaminationTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final EventCodec CODEC = new EventCodec();

    private static CustodyExamination examination(CanaryResult canary, FindingName... findings) {
        return CustodyExamination.of(
                new Examination(
                        Path.of("/srv/slots"),
                        FileSystem.BTRFS,
                        true,
                        false,
                        canary,
                        Arrays.stream(findings)
                                .map(name -> new Finding(name, "seen"))
                                .toList()),
                ServiceName.ROUTER,
                new UUID(1, 2),
                Optional.of(new UUID(3, 4)),
                NOW);
    }

    @Test
    void the_event_says_what_was_found_and_can_be_read_again() {
        CustodyExamined event = examination(
                        new CanaryResult.Clean(ReadBack.DIRECT, 1),
                        FindingName.BTRFS,
                        FindingName.SWAP_ON,
                        FindingName.CORE_DUMPS_OFF)
                .event();
        assertThat(event.getHighestLevel()).isEqualTo(PurgeLevel.UNREADABLE);
        assertThat(event.getFindings()).containsExactly(CustodyFinding.BTRFS, CustodyFinding.SWAP_ON);
        assertThat(event.getFileSystem()).isEqualTo(CustodyFileSystem.BTRFS);
        assertThat(event.getCanary()).isEqualTo(CanaryOutcome.CLEAN);
        assertThat(event.getExaminedAt()).isEqualTo(NOW);
        assertThat(CODEC.decode(CODEC.encode(event))).isEqualTo(new Decoded.Event(event));
        assertThat(EventId.of(event)).isEqualTo("examined/00000000000000010000000000000002");
        assertThat(EventId.signup(event)).isEmpty();
    }

    @Test
    void a_ceiling_is_shown_with_its_reasons_though_the_service_is_ready() {
        CustodyExamination examination =
                examination(new CanaryResult.NotDone("full"), FindingName.SWAP_ON, FindingName.HEAP_DUMPS_ON);
        assertThat(examination.highestLevel()).isEqualTo(PurgeLevel.UNREACHABLE);
        assertThat(examination.event().getCanary()).isEqualTo(CanaryOutcome.NOT_DONE);
        assertThat(examination.health().check()).isInstanceOfSatisfying(Health.Healthy.class, healthy -> {
            assertThat(healthy.details())
                    .containsEntry("highestPurgeLevel", "UNREACHABLE")
                    .containsEntry("findings", "SWAP_ON, HEAP_DUMPS_ON");
        });
    }

    @Test
    void the_event_log_has_a_word_for_everything_that_can_be_found() {
        assertThat(Arrays.stream(CustodyFinding.values()).map(Enum::name))
                .containsAll(Arrays.stream(FindingName.values()).map(Enum::name).toList());
        assertThat(Arrays.stream(CustodyFileSystem.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Arrays.stream(FileSystem.values()).map(Enum::name).toList());
        assertThat(Arrays.stream(PurgeLevel.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Arrays.stream(PurgeCeiling.values()).map(Enum::name).toList());
    }

    @Test
    void a_start_examines_the_file_that_is_used_and_each_start_is_an_event_of_its_own(@TempDir Path directory) {
        Path file = directory.resolve("slots");
        Path keyset = directory.resolve("keyset");
        try (SlotFile custody = SlotFile.open(new CustodySettings(file, 64, 64), FileKeyset.openOrCreate(keyset))) {
            List<CustodyExamined> starts = List.of(
                    CustodyExamination.atStart(ServiceName.INGEST, custody, file, keyset, NOW)
                            .event(),
                    CustodyExamination.atStart(ServiceName.INGEST, custody, file, keyset, NOW)
                            .event());
            assertThat(starts).extracting(CustodyExamined::getSlotFile).doesNotContainNull();
            assertThat(starts.get(0).getSlotFile()).isEqualTo(starts.get(1).getSlotFile());
            assertThat(EventId.of(starts.get(0))).isNotEqualTo(EventId.of(starts.get(1)));
            // What an auditor computes from what an examination lists.
            assertThat(starts)
                    .allSatisfy(start -> assertThat(CustodyCeiling.of(start)).isEqualTo(start.getHighestLevel()));
        }
    }
}
