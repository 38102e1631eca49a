package org.brokerhandoff.custody.service;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.brokerhandoff.custody.cells.cell.CellAddress;
import org.brokerhandoff.custody.cells.cell.CellLook;
import org.brokerhandoff.custody.cells.fitness.CellRequirement;
import org.brokerhandoff.custody.cells.fitness.DatabaseRequirement;
import org.brokerhandoff.custody.preflight.Examination;
import org.brokerhandoff.custody.preflight.Finding;
import org.brokerhandoff.custody.preflight.PurgeCeiling;
import org.brokerhandoff.custody.preflight.Severity;
import org.brokerhandoff.schemas.CustodyCeiling;

/**
 * What was found of a database, three cells, the secret of ingest services, and the memory of this process and its host. Pure.
 *
 * @param parts the database, then the cells by their numbers
 * @param secret what concerns {@code idempotencyKeyFile} of the cells file
 * @param memory what concerns this process's memory
 */
public record CellsExamination(List<Part> parts, Secret secret, List<Finding> memory) {
    private static final String SECRET = "idempotencyKeyFile";

    /**
     * One of the processes that keep keys.
     *
     * @param name such as {@code cell 0}
     * @param place where it is; no secret
     * @param memory whether its memory may reach a disk of its host, as its agent says; unknown where it does not, or did not answer
     * @param problems why it must not have keys; none if it is fit
     */
    public record Part(String name, String place, Memory memory, List<Problem> problems) {
        /** Copies the list. */
        public Part {
            problems = List.copyOf(problems);
        }
    }

    /** Whether memory may reach a disk. */
    public enum Memory {
        /** It does not. */
        KEPT(""),
        /** It may, in clear. */
        EXPOSED("its memory may reach a disk (./handoff cell-agent --once)"),
        /** No agent says. */
        UNKNOWN("no agent says whether its memory may reach a disk (./handoff cell-agent)"),
        /** It has no keys. */
        NO_MATTER("");

        private final String said;

        Memory(String said) {
            this.said = said;
        }
    }

    /**
     * One thing that is wrong.
     *
     * @param name the setting, or field, as an operator knows it; {@code connection} where it was not reached
     * @param found what is there instead
     * @param remedy what to do
     */
    public record Problem(String name, String found, String remedy) {}

    /**
     * The secret of ingest services.
     *
     * @param severity {@link Severity#NOTE} where it is not here: ingest does not start without it, and a host of routers has none;
     *     {@link Severity#FAILURE} where it is here and ingest would not start with it
     * @param found what is there; no secret
     * @param remedy what to do; empty if it can be used
     */
    public record Secret(Severity severity, String found, String remedy) {
        private static final String MAKE = "head -c 32 /dev/urandom | base64 makes one, for all hosts of ingest";
        private static final String SAME = "put the file of the other hosts of ingest here";

        static Secret of(SecretLook look) {
            if (look instanceof SecretLook.Unnamed) {
                return new Secret(
                        Severity.NOTE,
                        "the cells file has no idempotencyKeyFile; ingest does not start without it, a router needs none",
                        "name a file with the secret of all ingest services; " + MAKE);
            } else if (look instanceof SecretLook.Missing missing) {
                return new Secret(
                        Severity.NOTE,
                        missing.file() + " is not here; ingest does not start without it, a router needs none",
                        "where ingest runs, " + SAME + "; " + MAKE);
            } else if (look instanceof SecretLook.Refused refused) {
                return new Secret(
                        Severity.FAILURE,
                        refused.file() + " must " + refused.rule() + "; found: " + refused.found(),
                        SAME + ", for the user of ingest alone; " + MAKE);
            }
            SecretLook.Usable usable = (SecretLook.Usable) look;
            if (usable.same().isEmpty()) {
                return new Secret(
                        Severity.FINE,
                        usable.file()
                                + " can be used. Whether it is that of the others is not known: the database has no day yet, or did not answer",
                        "");
            }
            return usable.same().get()
                    ? new Secret(Severity.FINE, usable.file() + " is the secret of the database's days", "")
                    : new Secret(
                            Severity.FAILURE,
                            usable.file()
                                    + " must be the secret with which the database's days were begun; found: another one",
                            SAME
                                    + "; to replace the secret of all, see docs/several-hosts.md, Several ingest services");
        }
    }

    /** Copies the lists. */
    public CellsExamination {
        parts = List.copyOf(parts);
        memory = List.copyOf(memory);
    }

    /** What follows from the looks. */
    static CellsExamination of(
            CellsConfiguration where, DatabaseLook database, List<CellLook> cells, Secret secret, Examination host) {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("database", database.place(), Memory.NO_MATTER, problems(database)));
        for (int cell = 0; cell < cells.size(); cell++) {
            CellAddress address = where.cells().get(cell);
            parts.add(new Part("cell " + cell, address.toString(), memory(cells.get(cell)), problems(cells.get(cell))));
        }
        return new CellsExamination(
                parts,
                secret,
                host.findings().stream()
                        .filter(finding -> finding.name().concernsMemory())
                        .toList());
    }

    private static Memory memory(CellLook look) {
        return look instanceof CellLook.Answered answered
                ? answered.facts()
                        .host()
                        .map(report -> report.swap() || report.coreDumps() ? Memory.EXPOSED : Memory.KEPT)
                        .orElse(Memory.UNKNOWN)
                : Memory.UNKNOWN;
    }

    private static List<Problem> problems(DatabaseLook look) {
        if (look instanceof DatabaseLook.Silent silent) {
            return List.of(new Problem(
                    "connection",
                    silent.reason(),
                    "see that the database runs, and that url, user and passwordFile of the cells file are right"));
        }
        return DatabaseRequirement.examine(((DatabaseLook.Answered) look).facts()).stream()
                .map(finding -> new Problem(
                        finding.requirement().label(),
                        finding.found(),
                        finding.requirement().remedy()))
                .toList();
    }

    private static List<Problem> problems(CellLook look) {
        if (look instanceof CellLook.Refused refused) {
            return List.of(
                    new Problem("connection", "as " + refused.user() + ": " + refused.reason(), remedy(refused)));
        }
        return CellRequirement.examine(((CellLook.Answered) look).facts()).stream()
                .map(finding -> new Problem(
                        finding.requirement().label(),
                        finding.found(),
                        finding.requirement().remedy()))
                .toList();
    }

    private static String remedy(CellLook.Refused refused) {
        if (refused.reason().endsWith("WRONGPASS")) {
            return "the engine and the cells file have to agree on this user and its password";
        } else if (refused.reason().endsWith("NOPERM")) {
            return "give this user its commands of docs/several-hosts.md";
        }
        return "see that the engine runs and listens there, and that host, port and caFile of the cells file are right";
    }

    /** Whether the database and all three cells are as they have to be, and the secret of ingest, if this host has it. */
    public boolean fit() {
        return secret.severity() != Severity.FAILURE
                && parts.stream().allMatch(part -> part.problems().isEmpty());
    }

    /** The highest level that purges may claim: no more than {@code UNREADABLE}, unless two fit cells' memory is known to reach no disk. */
    public PurgeCeiling highest() {
        boolean databaseFit = parts.get(0).problems().isEmpty();
        long forgetting = parts.stream()
                .filter(part -> part.problems().isEmpty() && part.memory() == Memory.KEPT)
                .count();
        return databaseFit && forgetting >= CustodyCeiling.CELLS_NEEDED
                ? memory.stream()
                        .map(Finding::permits)
                        .min(Comparator.naturalOrder())
                        .orElse(PurgeCeiling.ERASED)
                : PurgeCeiling.UNREADABLE;
    }

    /** For people: a line for each part and for each thing that is wrong. Ends with a line break. */
    public String render() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-7s  %-8s  %s%n",
                    part.problems().isEmpty() ? Severity.FINE.word() : Severity.FAILURE.word(),
                    part.name(),
                    part.place()));
            if (!part.memory().said.isEmpty() && part.problems().isEmpty()) {
                text.append(" ".repeat(9)).append(part.memory().said).append('\n');
            }
            for (Problem problem : part.problems()) {
                text.append(" ".repeat(9))
                        .append(problem.name())
                        .append(": ")
                        .append(problem.found())
                        .append("; ")
                        .append(problem.remedy())
                        .append('\n');
            }
        }
        text.append(
                String.format(Locale.ROOT, "%-7s  %s  %s%n", secret.severity().word(), SECRET, secret.found()));
        if (!secret.remedy().isEmpty()) {
            text.append(" ".repeat(9)).append(secret.remedy()).append('\n');
        }
        for (Finding finding : memory) {
            text.append(String.format(
                    Locale.ROOT, "%-7s  %s  %s%n", finding.severity().word(), finding.name(), finding.found()));
            if (finding.severity() != Severity.FINE) {
                text.append(" ".repeat(9)).append(finding.meaning()).append('\n');
            }
        }
        return text.append(
                        fit()
                                ? "database and cells are fit; purges may claim up to " + highest() + "\n"
                                : "not all of it is fit\n")
                .toString();
    }
}
