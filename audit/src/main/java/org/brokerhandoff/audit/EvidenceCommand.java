package org.brokerhandoff.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.audit.evidence.EvidenceExport;
import org.brokerhandoff.audit.evidence.NoEvidence;
import org.brokerhandoff.audit.trace.TimeLine;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.evidence.EvidenceBundle;
import org.brokerhandoff.ledger.evidence.EvidenceCheck;
import org.brokerhandoff.ledger.evidence.EvidenceText;
import org.brokerhandoff.ledger.evidence.UnreadableEvidence;
import org.brokerhandoff.ledger.evidence.Verdict;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.VerifierKey;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/** {@code audit evidence} and {@code audit check}. Exit codes as the others: 0 fine, 1 the check failed, 2 could not run. */
final class EvidenceCommand {
    private static final int FAILED = 1;
    private static final int COULD_NOT_RUN = 2;

    private final PrintWriter out;
    private final PrintWriter err;

    EvidenceCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** Writes the evidence of one signup to {@code file}. */
    int export(KafkaClients clients, UUID signupId, Path file) {
        try {
            EvidenceBundle bundle = EvidenceExport.of(clients, new EventCodec(), signupId);
            Files.write(file, bundle.bytes());
            out.println(file + ": " + events(bundle.events().size()) + " of signup " + signupId);
            return 0;
        } catch (NoEvidence e) {
            err.println((e.isContradiction() ? "the ledger does not hold: " : "could not run: ") + e.getMessage());
            return e.isContradiction() ? FAILED : COULD_NOT_RUN;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    private static String events(int count) {
        return count == 1 ? "1 event" : count + " events";
    }

    /**
     * Trust in these logs, or as a policy file has it.
     *
     * @throws UncheckedIOException if neither or both are given, or one is malformed
     */
    static Policy policy(List<String> keys, Optional<Path> policyFile) {
        if (keys.isEmpty() == policyFile.isEmpty()) {
            throw unusable("whom to trust is said by --key, or by --policy");
        }
        try {
            if (policyFile.isPresent()) {
                return Policy.parse(Files.readString(policyFile.get()));
            }
            List<VerifierKey> logs = new ArrayList<>();
            for (String key : keys) {
                logs.add(VerifierKey.parse(key));
            }
            return Policy.ofLogs(logs);
        } catch (MalformedNote e) {
            throw unusable((policyFile.isPresent() ? policyFile.get() : "--key") + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(policyFile.orElseThrow() + " cannot be read", e);
        }
    }

    private static UncheckedIOException unusable(String why) {
        return new UncheckedIOException(why, new IOException(why));
    }

    /** Says what {@code file} shows to somebody who trusts by {@code policy}. */
    int check(Path file, Policy policy, Optional<Duration> maximumAge, Instant now) {
        byte[] bytes = read(file);
        Verdict verdict = EvidenceCheck.check(bytes, policy);
        if (verdict instanceof Verdict.Fails fails) {
            out.println("DOES NOT HOLD: " + fails.reason());
            return FAILED;
        } else if (verdict instanceof Verdict.Undecided undecided) {
            err.println("could not run: " + undecided.reason());
            return COULD_NOT_RUN;
        }
        Verdict.Holds holds = (Verdict.Holds) verdict;
        Judgement.Accepted head = holds.head();
        EvidenceBundle bundle = parsed(bytes);
        Instant entryTime = Instant.ofEpochSecond(
                bundle.entries().get(bundle.entries().size() - 1).entry().timeSeconds());
        Instant asOf = head.earliestCosignature().orElse(entryTime);
        if (maximumAge.isPresent() && asOf.plus(maximumAge.get()).isBefore(now)) {
            out.println("DOES NOT HOLD: the checkpoint is of " + asOf + ", older than " + maximumAge.get());
            return FAILED;
        }
        out.println(
                head.level() == Judgement.Level.WITNESSED
                        ? "HOLDS, WITNESSED by "
                                + String.join(", ", head.cosigned().keySet())
                        : "HOLDS, signed by the log alone, NOT WITNESSED");
        out.println(
                "complete: " + holds.events().size() + " of " + holds.events().size() + " as of " + asOf
                        + (head.earliestCosignature().isPresent() ? "" : " (operator's clock)") + ", checkpoint "
                        + head.checkpoint().size() + " of " + head.checkpoint().origin());
        timeLine(bundle, holds);
        return 0;
    }

    private static byte[] read(Path file) {
        try {
            // More than a bundle can have is refused by the check; it need not be read.
            if (Files.size(file) > EvidenceBundle.MAXIMUM_BYTES) {
                return new byte[EvidenceBundle.MAXIMUM_BYTES + 1];
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static EvidenceBundle parsed(byte[] bytes) {
        try {
            return EvidenceText.parse(bytes);
        } catch (UnreadableEvidence e) {
            throw new IllegalStateException("what was checked can be read", e);
        }
    }

    private void timeLine(EvidenceBundle bundle, Verdict.Holds holds) {
        if (bundle.keyBytes().length != SignupIds.LENGTH_BYTES) {
            return;
        }
        UUID signupId = SignupIds.uuid(bundle.keyBytes());
        if (holds.events().isEmpty()) {
            out.println("the log has no event of " + signupId);
            return;
        }
        EventCodec codec = new EventCodec();
        List<KeptRecord> records = new ArrayList<>();
        holds.events().forEach(event -> kept(event, codec).ifPresent(records::add));
        out.print(TimeLine.of(signupId, records).render());
    }

    private static Optional<KeptRecord> kept(Leaf.Present event, EventCodec codec) {
        Optional<Topic> topic = Arrays.stream(Topic.values())
                .filter(each -> each.baseName().equals(event.place().topic()))
                .findFirst();
        // That brokers give records their time is the business of who reads from Kafka.
        return topic.map(known -> KeptRecord.of(known, event, true, codec));
    }
}
