package org.brokerhandoff.custody.service;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.cells.cell.CellClient;
import org.brokerhandoff.custody.cells.cell.CellLook;
import org.brokerhandoff.custody.cells.decisions.DatabaseExaminer;
import org.brokerhandoff.custody.cells.decisions.DecisionSettings;
import org.brokerhandoff.custody.preflight.Preflight;

/** Looks once at all that a custody of cells rests on, for an operator. Blocks, and changes nothing. */
public final class CellsPreflight {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private CellsPreflight() {}

    /**
     * Examines the database, each cell and this process.
     *
     * @param beside a file of this process, such as the one of the setting {@code HANDOFF_CUSTODY_FILE}
     */
    public static CellsExamination examine(CellsConfiguration where, Path beside, InstantSource clock) {
        try (CellClient client = new CellClient(LIMIT, where.certificates())) {
            List<CellLook> cells = where.cells().stream()
                    .map(address -> client.look(address, clock))
                    .toList();
            DatabaseLook database = database(where);
            return CellsExamination.of(
                    where,
                    database,
                    cells,
                    CellsExamination.Secret.of(secret(where, database)),
                    Preflight.ofMemory(beside));
        }
    }

    private static DatabaseLook database(CellsConfiguration where) {
        String place = where.url().split("[?]", 2)[0];
        try {
            return new DatabaseLook.Answered(place, DatabaseExaminer.look(settings(where)));
        } catch (CustodyException e) {
            return new DatabaseLook.Silent(place, String.valueOf(e.getMessage()));
        }
    }

    private static SecretLook secret(CellsConfiguration where, DatabaseLook database) {
        if (where.idempotencyKeyFile().isEmpty()) {
            return new SecretLook.Unnamed();
        }
        Path file = where.idempotencyKeyFile().get();
        IdempotencySecret.Reading reading = IdempotencySecret.read(file);
        if (reading instanceof IdempotencySecret.Reading.Missing) {
            return new SecretLook.Missing(file);
        } else if (reading instanceof IdempotencySecret.Reading.Refused refused) {
            return new SecretLook.Refused(file, refused.rule(), refused.found());
        }
        return new SecretLook.Usable(
                file,
                database instanceof DatabaseLook.Silent
                        ? Optional.empty()
                        : same(where, ((IdempotencySecret.Reading.Usable) reading).secret()));
    }

    private static Optional<Boolean> same(CellsConfiguration where, IdempotencySecret secret) {
        try {
            return DatabaseExaminer.daysBegunWith(settings(where), secret);
        } catch (CustodyException e) {
            return Optional.empty();
        }
    }

    private static DecisionSettings settings(CellsConfiguration where) {
        return new DecisionSettings(where.url(), where.user(), where.password(), LIMIT);
    }
}
