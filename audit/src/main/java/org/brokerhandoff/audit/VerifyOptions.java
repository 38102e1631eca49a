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

/** The options of {@code audit verify} other than the output format. */
final class VerifyOptions {
    @Option(
            names = "--complete",
            description = "Count an accepted signup that is not purged yet as a violation even before its deadline.")
    boolean complete;

    @Option(
            names = "--max-hold",
            paramLabel = "DURATION",
            defaultValue = "P7D",
            description =
                    "The longest hold that this installation promises, such as PT24H (default: ${DEFAULT-VALUE}, the maximum).")
    Duration longestHold = Duration.ofDays(7);

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Public key of the ledger, for checking its newest checkpoint; may be repeated.")
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
            description = "File with a checkpoint of the ledger that you kept: the ledger must contain it, unchanged.")
    @Nullable
    Path since;

    @Option(
            names = "--published",
            paramLabel = "FOLDER",
            description =
                    "The ledger's folder, or a copy of it: names the exact records that differ, not only their segment.")
    @Nullable
    Path published;

    @Option(
            names = "--promise",
            paramLabel = "DURATION",
            defaultValue = "PT24H",
            description = "Time within which the ledger commits to a record (default: ${DEFAULT-VALUE}).")
    Duration promise = Duration.ofHours(24);

    @Option(
            names = "--spill",
            paramLabel = "FOLDER",
            description = {
                "Folder in which the log is sorted; temporarily takes about as much space as",
                "the kept topics (default: java.io.tmpdir)."
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
            throw new UncheckedIOException(file + " is not a checkpoint: " + e.getMessage(), new IOException(e));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
