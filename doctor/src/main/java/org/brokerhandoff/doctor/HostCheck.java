package org.brokerhandoff.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.brokerhandoff.custody.preflight.Examination;
import org.brokerhandoff.custody.preflight.Preflight;
import org.brokerhandoff.custody.preflight.PurgeCeiling;
import org.brokerhandoff.custody.preflight.Severity;
import org.brokerhandoff.custody.time.HostClock;
import org.brokerhandoff.custody.time.TrustedTime;
import org.brokerhandoff.operations.configuration.KeySettings;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.preflight.ClockWatch;

/** This host: the place of the keys, and the clock as the services of this host trust it. */
final class HostCheck {
    private HostCheck() {}

    /** What is found with the settings of preflight. */
    static List<Finding> of(SettingsReader settings, HostClock clock, Instant now) {
        Path slotFile = settings.get(KeySettings.CUSTODY_FILE);
        List<Finding> findings = new ArrayList<>();
        findings.add(custody(Preflight.ofPlace(slotFile, settings.get(KeySettings.KEYSET_FILE), now)));
        findings.add(clock(slotFile, clock));
        return findings;
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
        if (!Files.exists(slotFile)) {
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
