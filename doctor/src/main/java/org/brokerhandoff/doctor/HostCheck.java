package org.brokerhandoff.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.brokerhandoff.custody.preflight.Examination;
import org.brokerhandoff.custody.preflight.Preflight;
import org.brokerhandoff.custody.preflight.PurgeCeiling;
import org.brokerhandoff.custody.preflight.Severity;
import org.brokerhandoff.custody.service.CellsConfiguration;
import org.brokerhandoff.custody.service.CellsExamination;
import org.brokerhandoff.custody.service.CellsPreflight;
import org.brokerhandoff.custody.service.InvalidCells;
import org.brokerhandoff.custody.time.HostClock;
import org.brokerhandoff.custody.time.TrustedTime;
import org.brokerhandoff.operations.configuration.KeySettings;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.preflight.ClockWatch;

/** This host: the place of the keys, and the clock as the services of this host trust it. */
final class HostCheck {
    private HostCheck() {}

    /**
     * What is found with the settings of preflight.
     *
     * @param ingest whether ingest runs here
     */
    static List<Finding> of(SettingsReader settings, boolean ingest, HostClock clock, Instant now) {
        Path slotFile = settings.get(KeySettings.CUSTODY_FILE);
        List<Finding> findings = new ArrayList<>();
        if (settings.get(KeySettings.CUSTODY).cellsFile().isPresent()) {
            findings.addAll(cells(settings, ingest, slotFile));
        } else {
            findings.add(custody(Preflight.ofPlace(slotFile, settings.get(KeySettings.KEYSET_FILE), now)));
        }
        findings.add(clock(slotFile, clock));
        return findings;
    }

    private static List<Finding> cells(SettingsReader settings, boolean ingest, Path slotFile) {
        Optional<CellsConfiguration> where;
        try {
            where = CellsConfiguration.of(settings);
        } catch (InvalidCells e) {
            return List.of(Finding.wrong(
                    "cells-file",
                    String.valueOf(e.getMessage()),
                    "docs/several-hosts.md, Setting it up, has an example"));
        }
        CellsExamination examination = CellsPreflight.examine(where.orElseThrow(), slotFile, HostClock.wallClock());
        List<Finding> findings = new ArrayList<>(
                examination.parts().stream().map(HostCheck::part).toList());
        // Hosts without ingest need no such file, so it is no finding there that it is missing.
        if (ingest || examination.secret().severity() == Severity.FAILURE) {
            findings.add(secret(examination.secret()));
        }
        return findings;
    }

    /** Ingest starts with a file that can be used, and without any other. */
    private static Finding secret(CellsExamination.Secret secret) {
        return secret.severity() == Severity.FINE
                ? Finding.fine("idempotency-key", secret.found())
                : Finding.wrong("idempotency-key", secret.found(), secret.remedy());
    }

    private static Finding part(CellsExamination.Part part) {
        String check = part.name().equals("database") ? "custody-database" : part.name();
        if (part.problems().isEmpty()) {
            return Finding.fine(check, part.place() + ": is fit");
        }
        return Finding.wrong(
                check,
                part.place() + ": "
                        + part.problems().stream()
                                .map(problem -> problem.name() + ": " + problem.found())
                                .collect(Collectors.joining("; ")),
                part.problems().stream()
                        .map(CellsExamination.Problem::remedy)
                        .distinct()
                        .collect(Collectors.joining("; ")));
    }

    private static Finding custody(Examination examination) {
        String found = examination.slotFile() + ": purges may claim up to " + examination.highest();
        String concerns = examination.findings().stream()
                .filter(finding -> finding.permits() != PurgeCeiling.ERASED || finding.severity() == Severity.FAILURE)
                .map(finding -> finding.name() + " (" + finding.found() + "): " + finding.meaning())
                .collect(Collectors.joining("; "));
        if (examination.highest() == PurgeCeiling.UNREADABLE) {
            return Finding.wrong("custody", found, concerns);
        }
        return concerns.isEmpty() ? Finding.fine("custody", found) : Finding.advice("custody", found, concerns);
    }

    private static Finding clock(Path slotFile, HostClock clock) {
        // With cells there is no slot file, only the mark of the time beside its name.
        if (!Files.exists(slotFile) && !Files.exists(slotFile.resolveSibling(slotFile.getFileName() + ".time"))) {
            // Looking would write a file beside it.
            return Finding.fine("clock", "no service has run here yet, so there is no time to compare the clock with");
        }
        Health health = ClockWatch.health(TrustedTime.look(slotFile, clock));
        if (health instanceof Health.Unhealthy unhealthy) {
            return Finding.wrong("clock", unhealthy.code(), unhealthy.detail());
        }
        return Finding.fine("clock", "agrees with the time that the services of this host trust");
    }
}
