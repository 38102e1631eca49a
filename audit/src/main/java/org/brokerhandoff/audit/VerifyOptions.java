package org.brokerhandoff.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.audit.ledger.FolderLeaves;
import org.brokerhandoff.audit.ledger.PartitionLedger.PublishedLeaves;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SignedNote;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code audit verify} is told beside how to print. */
final class VerifyOptions {
    @Option(
            names = "--complete",
            description = "An accepted signup that is not purged yet is a violation, though its time is not over.")
    boolean complete;

    @Option(
            names = "--max-hold",
            paramLabel = "DURATION",
            defaultValue = "P7D",
            description =
                    "The longest hold that this installation promises, such as PT24H; ${DEFAULT-VALUE} is the most that any may.")
    Duration longestHold = Duration.ofDays(7);

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "Public key of the ledger, by which its newest checkpoint is checked; may be given several times.")
    @Nullable
    List<String> keys;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "Ledgers, witnesses and quorum to trust (C2SP tlog-policy), instead of --key.")
    @Nullable
    Path policy;

    @Option(
            names = "--since",
            paramLabel = "CHECKPOINT",
            description =
                    "File with a checkpoint of the ledger that you kept: the ledger has to contain it, unchanged.")
    @Nullable
    Path since;

    @Option(
            names = "--published",
            paramLabel = "FOLDER",
            description =
                    "The ledger's folder, or a copy of it: names the very records that differ, not only their segment.")
    @Nullable
    Path published;

    @Option(
            names = "--promise",
            paramLabel = "DURATION",
            defaultValue = "PT24H",
            description = "Time within which the ledger commits to a record; ${DEFAULT-VALUE} if not given.")
    Duration promise = Duration.ofHours(24);

    @Option(
            names = "--spill",
            paramLabel = "FOLDER",
            description = {
                "Where the log is sorted, in a folder that is removed at the end: takes about as much as the kept topics for a while.",
                "The folder for what is temporary (java.io.tmpdir) if not given."
            })
    @Nullable
    Path spill;

    /** As a task, at {@code now}. */
    AuditVerifier.Task task(Instant now) {
        Optional<Policy> trusted = keys == null && policy == null
                ? Optional.empty()
                : Optional.of(EvidenceCommand.policy(keys == null ? List.of() : keys, Optional.ofNullable(policy)));
        return new AuditVerifier.Task(
                now,
                complete,
                longestHold,
                promise,
                trusted,
                since == null ? Optional.empty() : Optional.of(checkpoint(since, trusted)),
                new AuditVerifier.Folders(
                        spill == null ? Path.of(System.getProperty("java.io.tmpdir")) : spill,
                        published == null ? PublishedLeaves.NONE : new FolderLeaves(published),
                        Optional.empty()));
    }

    private static Checkpoint checkpoint(Path file, Optional<Policy> policy) {
        try {
            SignedNote note = SignedNote.parse(Files.readAllBytes(file));
            if (policy.isPresent() && !(policy.get().judge(note) instanceof Judgement.Accepted)) {
                throw new UncheckedIOException(file + " is not accepted by the policy", new IOException());
            }
            return Checkpoint.parse(note.text());
        } catch (MalformedNote e) {
            throw new UncheckedIOException(file + " is no checkpoint: " + e.getMessage(), new IOException(e));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
