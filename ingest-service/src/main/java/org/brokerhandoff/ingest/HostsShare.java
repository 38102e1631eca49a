package org.brokerhandoff.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.brokerhandoff.custody.service.CellsConfiguration;
import org.brokerhandoff.custody.service.IdempotencySecret;
import org.brokerhandoff.custody.service.ServiceCustody;
import org.brokerhandoff.ingest.idempotency.IdempotencyFailed;
import org.brokerhandoff.ingest.idempotency.IdempotencyJournal;
import org.brokerhandoff.ingest.idempotency.JournalReservations;
import org.brokerhandoff.ingest.idempotency.Reservations;
import org.brokerhandoff.ingest.idempotency.SharedReservations;
import org.brokerhandoff.ingest.policy.SharedVersionClaims;
import org.brokerhandoff.ingest.policy.VersionClaims;
import org.brokerhandoff.ingest.rights.FileSignupLocks;
import org.brokerhandoff.ingest.rights.LeasedSignupLocks;
import org.brokerhandoff.ingest.rights.SignupLocks;

/** What ingest services know together: in the database of a custody for several hosts, else in files of the one host. */
final class HostsShare {
    private HostsShare() {}

    /**
     * The reservations of idempotency keys. Blocks.
     *
     * @param clock must not run ahead of true time
     * @throws RuntimeException if they cannot be opened; the message says why
     */
    static Reservations reservations(IngestSettings settings, ServiceCustody custody, InstantSource clock) {
        Optional<CellsConfiguration> cells = settings.cells();
        if (cells.isEmpty()) {
            IdempotencyJournal journal = IdempotencyJournal.open(settings.idempotencyFile(), clock);
            custody.syncWith(journal::sync);
            return new JournalReservations(journal);
        }
        folder(settings.idempotencyFile());
        Path secret = cells.get()
                .idempotencyKeyFile()
                .orElseThrow(() -> new IdempotencyFailed(
                        "the cells file has no idempotencyKeyFile, which ingest needs (docs/several-hosts.md)"));
        return custody.reservations(secret(secret), clock)
                .map(SharedReservations::new)
                .orElseThrow(() -> new IllegalStateException("a custody of cells has a database"));
    }

    private static IdempotencySecret secret(Path file) {
        IdempotencySecret.Reading reading = IdempotencySecret.read(file);
        if (reading instanceof IdempotencySecret.Reading.Usable usable) {
            return usable.secret();
        }
        throw new IdempotencyFailed("idempotencyKeyFile of the cells file: " + file
                + (reading instanceof IdempotencySecret.Reading.Refused refused
                        ? " must " + refused.rule() + "; found: " + refused.found()
                        : " is not there"));
    }

    /** Which text a version of a document stands for, before it is published. On one host it is enough that the log has it first. */
    static VersionClaims versions(ServiceCustody custody) {
        return custody.claims().<VersionClaims>map(SharedVersionClaims::new).orElse(policy -> true);
    }

    /** The locks of signups whose requests are worked on. */
    static SignupLocks locks(IngestSettings settings, ServiceCustody custody) {
        Path file = settings.custody().file();
        return custody.signupLeases()
                .<SignupLocks>map(LeasedSignupLocks::new)
                .orElseGet(() -> FileSignupLocks.in(file.resolveSibling(file.getFileName() + ".requests")));
    }

    /** What was published is kept beside the journal that there would be. */
    private static void folder(Path idempotencyFile) {
        Path directory = idempotencyFile.toAbsolutePath().getParent();
        try {
            if (directory != null) {
                Files.createDirectories(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
