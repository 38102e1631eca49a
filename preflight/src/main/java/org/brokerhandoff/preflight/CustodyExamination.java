package org.brokerhandoff.preflight;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.SlotFileBytes;
import org.brokerhandoff.custody.preflight.CanaryResult;
import org.brokerhandoff.custody.preflight.Examination;
import org.brokerhandoff.custody.preflight.FindingName;
import org.brokerhandoff.custody.preflight.Preflight;
import org.brokerhandoff.custody.preflight.Severity;
import org.brokerhandoff.event.CanaryOutcome;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.CustodyFileSystem;
import org.brokerhandoff.event.CustodyFinding;
import org.brokerhandoff.event.ExaminedCell;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.operations.health.HealthCheck;
import org.brokerhandoff.schemas.CustodyCeiling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a service found out about custody's place at its start, and what follows for as long as it runs.
 *
 * @param event for the event log; the same at every call, so that a repeated publication is recognised
 * @param findings names of what is not as it should be
 */
public record CustodyExamination(CustodyExamined event, List<FindingName> findings) {
    private static final Logger LOG = LoggerFactory.getLogger(CustodyExamination.class);
    private static final int ID_BYTES = 16;

    /** Copies the findings. */
    public CustodyExamination {
        findings = List.copyOf(findings);
    }

    /**
     * Examines, and logs what was found. Blocks: reads the whole slot file.
     *
     * @param custody the open slot file
     * @throws org.brokerhandoff.custody.preflight.OverwritingFails if an erased key is still in the file: the service must not
     *     start
     * @throws org.brokerhandoff.custody.CustodyException if custody fails on the way
     */
    public static CustodyExamination atStart(
            ServiceName service, KeyCustody custody, Path slotFile, Path keysetFile, Instant now) {
        Examination examination = Preflight.ofService(custody, slotFile, keysetFile, now);
        boolean warning = examination.findings().stream().anyMatch(finding -> finding.severity() == Severity.WARNING);
        LOG.atLevel(warning ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO)
                .log(
                        "preflight of {}\n{}",
                        examination.slotFile(),
                        examination.render().stripTrailing());
        return of(examination, service, UUID.randomUUID(), SlotFileBytes.fileId(slotFile), now);
    }

    /**
     * What a service says whose keys are in cells: of its own memory, and of the cells.
     *
     * @param beside a file of this process
     * @param databaseFit whether the database that decides over them is as it has to be
     * @param cells those that were found fit
     */
    public static CustodyExamination ofCells(
            ServiceName service, Path beside, boolean databaseFit, List<ExaminedCell> cells, Instant now) {
        Examination examination = Preflight.ofMemory(beside);
        List<FindingName> findings = examination.concerns().stream()
                .filter(FindingName::concernsMemory)
                .toList();
        // No copy of an event: Avro would have to trust its classes, which it does only once a codec was made.
        CustodyExamined.Builder listed = CustodyExamined.newBuilder()
                .setInstance(randomId(UUID.randomUUID()))
                .setService(service)
                .setExaminedAt(now)
                .setFileSystem(CustodyFileSystem.UNKNOWN)
                .setSwap(examination.swap())
                .setCoreDumps(examination.coreDumps())
                .setCanary(CanaryOutcome.NOT_DONE)
                .setFindings(findings.stream()
                        .map(name -> CustodyFinding.valueOf(name.name()))
                        .toList())
                .setDatabaseFit(databaseFit)
                .setCells(cells)
                .setHighestLevel(PurgeLevel.UNREADABLE);
        CustodyExamined examined =
                listed.setHighestLevel(CustodyCeiling.of(listed.build())).build();
        LOG.info(
                "keys are in cells, of which {} are fit; purges may claim up to {}; this host: {}",
                cells.stream().map(ExaminedCell::getCell).toList(),
                examined.getHighestLevel(),
                findings);
        return new CustodyExamination(examined, findings);
    }

    static CustodyExamination of(
            Examination examination, ServiceName service, UUID instance, Optional<UUID> slotFile, Instant now) {
        return new CustodyExamination(
                CustodyExamined.newBuilder()
                        .setInstance(randomId(instance))
                        .setService(service)
                        .setExaminedAt(now)
                        .setSlotFile(slotFile.map(CustodyExamination::randomId).orElse(null))
                        .setFileSystem(CustodyFileSystem.valueOf(
                                examination.fileSystem().name()))
                        .setSwap(examination.swap())
                        .setCoreDumps(examination.coreDumps())
                        .setCanary(outcome(examination.canary()))
                        .setFindings(examination.concerns().stream()
                                .map(name -> CustodyFinding.valueOf(name.name()))
                                .toList())
                        .setHighestLevel(
                                PurgeLevel.valueOf(examination.highest().name()))
                        .build(),
                examination.concerns());
    }

    /** The highest level that the service's purges may claim. */
    public PurgeLevel highestLevel() {
        return event.getHighestLevel();
    }

    /** Always healthy: a service with a low ceiling works, and says how far its claims go and why. */
    public HealthCheck health() {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("highestPurgeLevel", highestLevel().name());
        details.put("fileSystem", event.getFileSystem().name());
        details.put("findings", findings.stream().map(Enum::name).collect(Collectors.joining(", ")));
        return HealthCheck.of("custody-preflight", () -> Health.healthy(details));
    }

    private static CanaryOutcome outcome(CanaryResult result) {
        if (result instanceof CanaryResult.Clean clean) {
            return clean.readBack() == ReadBack.DIRECT ? CanaryOutcome.CLEAN : CanaryOutcome.CLEAN_IN_CACHE;
        }
        return CanaryOutcome.NOT_DONE;
    }

    private static RandomId randomId(UUID id) {
        return new RandomId(ByteBuffer.allocate(ID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }
}
