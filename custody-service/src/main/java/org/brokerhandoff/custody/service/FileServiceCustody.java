package org.brokerhandoff.custody.service;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EpochTimer;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.PurgeHistory;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.owners.FileLeases;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.preflight.CustodyExamination;

/** The slot file, which processes of one host share. */
final class FileServiceCustody implements ServiceCustody {
    private final CustodySettings settings;
    private final Path keysetFile;
    private final SlotFile slots;

    private FileServiceCustody(CustodySettings settings, Path keysetFile, SlotFile slots) {
        this.settings = settings;
        this.keysetFile = keysetFile;
        this.slots = slots;
    }

    static ServiceCustody open(CustodySettings settings, Path keysetFile, InstantSource clock) {
        SlotFile slots = SlotFile.open(settings, FileKeyset.openOrCreate(keysetFile, clock), clock);
        // On the sync's thread: all that is done there is to hand over.
        slots.completeOn(Runnable::run);
        return new FileServiceCustody(settings, keysetFile, slots);
    }

    @Override
    public KeyCustody keys() {
        return slots;
    }

    @Override
    public PartitionLeases leases(int partitions) {
        return FileLeases.open(settings.file(), partitions);
    }

    /** It opens and closes the slot file, which drops this process's locks on it: so before any that last. */
    @Override
    public CustodyExamination examine(ServiceName service, Instant now) {
        return CustodyExamination.atStart(service, slots, settings.file(), keysetFile, now);
    }

    @Override
    public AutoCloseable startUpkeep(InstantSource clock) {
        return EpochTimer.start(slots, settings.epochInterval(), clock);
    }

    @Override
    public boolean serving() {
        return slots.serving();
    }

    @Override
    public void serveKeysAfter(PurgeHistory purges, Duration longestHold) {
        var unused = slots.serveKeysAfter(purges, longestHold);
    }

    @Override
    public void mark(byte[] logPosition) {
        slots.mark(logPosition);
    }

    @Override
    public Set<UUID> signups() {
        return slots.signups();
    }

    @Override
    public void syncWith(Runnable sync) {
        slots.syncWith(sync);
    }

    @Override
    public Health health(boolean sweepsFail) {
        return slots.failed() || sweepsFail
                ? Health.unhealthy(
                        "custody-failed",
                        slots.failure().orElse("the slot file cannot be swept")
                                + "; the service has to be restarted after a look at the disk")
                : Health.healthy();
    }

    @Override
    public void close() {
        slots.close();
    }
}
