package org.brokerhandoff.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
import org.brokerhandoff.audit.evidence.SignedAnswer;
import org.brokerhandoff.audit.trace.TimeLine;
import org.brokerhandoff.audit.verify.EvidenceAudit;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.audit.verify.Rule;
import org.brokerhandoff.audit.verify.Rules;
import org.brokerhandoff.audit.verify.Violation;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.evidence.EvidenceBundle;
import org.brokerhandoff.ledger.evidence.EvidenceCheck;
import org.brokerhandoff.ledger.evidence.EvidenceText;
import org.brokerhandoff.ledger.evidence.LeafPromise;
import org.brokerhandoff.ledger.evidence.LedgerTimes;
import org.brokerhandoff.ledger.evidence.UnreadableEvidence;
import org.brokerhandoff.ledger.evidence.Verdict;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.VerifierKey;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import picocli.CommandLine.Option;

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

    /** Files with an answer of ingest that promises a leaf. */
    static final class Receipt {
        @Option(
                names = "--receipt",
                required = true,
                paramLabel = "FILE",
                description =
                        "Answer to the signup or withdrawal, as received: check that the evidence keeps its promise.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private Path body;

        @Option(
                names = "--signature",
                required = true,
                paramLabel = "FILE",
                description = "Value of that answer's header handoff-receipt-signature.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private Path signature;

        @Option(
                names = "--keys",
                required = true,
                paramLabel = "FILE",
                description = "The operator's receipt keys, as served at /.well-known/jwks.json.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private Path keys;

        SignedAnswer read() throws SignedAnswer.Invalid {
            return SignedAnswer.read(
                    EvidenceCommand.read(body),
                    new String(EvidenceCommand.read(signature), StandardCharsets.UTF_8),
                    EvidenceCommand.read(keys));
        }
    }

    /**
     * Further requirements on the evidence.
     *
     * @param maximumAge of its checkpoint
     * @param promise time within which the ledger must include what was appended
     * @param receipt whose promise must be kept
     */
    record Wanted(Optional<Duration> maximumAge, Duration promise, Optional<Receipt> receipt) {}

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
            throw unusable("--key or --policy must say whom to trust");
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

    /** Reports what {@code file} proves under the trust policy {@code policy}. */
    int check(Path file, Policy policy, Wanted wanted, Instant now) {
        Optional<Duration> maximumAge = wanted.maximumAge();
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
        List<Violation> broken = judged(bundle, holds);
        List<String> times = LedgerTimes.of(bundle, head, wanted.promise());
        out.println(
                (broken.isEmpty() && times.isEmpty() ? "HOLDS, " : "DOES NOT HOLD: proven, and contradicts itself, ")
                        + head.standing());
        out.println(
                "complete: " + holds.events().size() + " of " + holds.events().size() + " as of " + asOf
                        + (head.earliestCosignature().isPresent() ? "" : " (operator's clock)") + ", checkpoint "
                        + head.checkpoint().size() + " of " + head.checkpoint().origin());
        times.forEach(late -> out.println("times: DO NOT HOLD: " + late));
        rules(broken, holds);
        int code = wanted.receipt().map(receipt -> check(receipt, bundle)).orElse(0);
        timeLine(bundle, holds);
        return times.isEmpty() && broken.isEmpty() ? code : FAILED;
    }

    /** The rules of {@code audit verify} that do not hold. Only keys that are ids have events that the rules judge. */
    private static List<Violation> judged(EvidenceBundle bundle, Verdict.Holds holds) {
        if (bundle.keyBytes().length != SignupIds.LENGTH_BYTES) {
            return List.of();
        }
        EventCodec codec = new EventCodec();
        LedgerEntry newest = bundle.entries().get(bundle.entries().size() - 1).entry();
        return EvidenceAudit.violations(
                SignupIds.uuid(bundle.keyBytes()),
                bundle.entries().get(0).entry().genesis().orElseThrow().partitions(),
                kept(holds.events(), codec),
                kept(holds.context(), codec),
                Instant.ofEpochMilli(newest.settledMillis()),
                codec);
    }

    private void rules(List<Violation> broken, Verdict.Holds holds) {
        broken.forEach(violation -> out.println("rules: DO NOT HOLD: " + violation.rule() + ": "
                + violation.place().map(place -> place + ": ").orElse("") + violation.sentence()));
        if (!broken.isEmpty()) {
            out.println("rules: what \"was never published\" here may be in the log and have been left"
                    + " out of this file");
        }
        if (!holds.events().isEmpty()) {
            List<String> open = Rules.ALL.stream()
                    .filter(rule -> !EvidenceAudit.judges(rule))
                    .map(Rule::code)
                    .distinct()
                    .toList();
            out.println("rules: " + (broken.isEmpty() ? "those on a signup by itself hold" : "others hold")
                    + "; these cannot be judged from a file: " + String.join(", ", open));
        }
    }

    private int check(Receipt receipt, EvidenceBundle bundle) {
        SignedAnswer answer;
        try {
            answer = receipt.read();
        } catch (SignedAnswer.Invalid e) {
            if (e.isUnreadable()) {
                err.println("could not run: " + e.getMessage());
                return COULD_NOT_RUN;
            }
            out.println("receipt: DOES NOT HOLD: " + e.getMessage());
            return FAILED;
        }
        if (!Arrays.equals(SignupIds.bytes(answer.signupId()), bundle.keyBytes())) {
            err.println("could not run: the receipt is of another signup than the evidence");
            return COULD_NOT_RUN;
        }
        return say(answer.promise(), answer.promise().judge(bundle));
    }

    private int say(LeafPromise promise, LeafPromise.Outcome outcome) {
        Leaf.Place place = promise.place();
        String what = "its event at " + place.topic() + "-" + place.partition() + "@" + place.offset();
        if (outcome instanceof LeafPromise.Outcome.Kept kept) {
            out.println("receipt: " + what + " is among these, in the ledger since " + kept.committedAt());
            return 0;
        } else if (outcome instanceof LeafPromise.Outcome.KeptLate late) {
            out.println("receipt: " + what + " is among these, in the ledger since " + late.committedAt()
                    + ", LATER than the promised " + promise.committedBy());
            return 0;
        } else if (outcome instanceof LeafPromise.Outcome.NotDue notDue) {
            err.println("could not run: " + what + " is not in the ledger as of " + notDue.newestEntry()
                    + "; it is promised by " + promise.committedBy() + ": check evidence made later");
            return COULD_NOT_RUN;
        } else if (outcome instanceof LeafPromise.Outcome.OtherLedger other) {
            err.println("could not run: the receipt promises ledger " + promise.ledger() + ", and the evidence is of "
                    + other.origin());
            return COULD_NOT_RUN;
        }
        out.println("receipt: PROMISE BROKEN: " + what
                + (outcome instanceof LeafPromise.Outcome.Changed changed
                        ? " is not what entry " + changed.entry() + " has there"
                        : " was promised by " + promise.committedBy() + ", and is not in the ledger as of "
                                + ((LeafPromise.Outcome.Broken) outcome).newestEntry())
                + ". This evidence and the receipt together are proof against the operator");
        return FAILED;
    }

    private static byte[] read(Path file) {
        try {
            // The check refuses more than a bundle can have; the rest need not be read.
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
        out.print(TimeLine.of(signupId, kept(holds.events(), codec)).render());
    }

    /** The records in topics that this version knows. */
    private static List<KeptRecord> kept(List<? extends Leaf> leaves, EventCodec codec) {
        List<KeptRecord> records = new ArrayList<>();
        for (Leaf leaf : leaves) {
            for (Topic topic : Topic.inLedger()) {
                if (leaf instanceof Leaf.Present record
                        && topic.baseName().equals(record.place().topic())) {
                    // Whether brokers assign the timestamps is checked by readers of Kafka.
                    records.add(KeptRecord.of(topic, record, true, codec));
                }
            }
        }
        return records;
    }
}
