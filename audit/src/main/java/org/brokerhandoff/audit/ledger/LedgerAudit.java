package org.brokerhandoff.audit.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.brokerhandoff.audit.verify.LedgerFinding;
import org.brokerhandoff.audit.verify.LedgerFinding.About;
import org.brokerhandoff.audit.verify.LedgerRead;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.eventlog.LedgerTopic.Statement;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.schemas.EventCodec;

/**
 * The ledger in topic {@code checkpoints} as it was at one moment: of every generation entries and checkpoints are checked among themselves;
 * the newest one is there to be computed anew, partition by partition.
 */
public final class LedgerAudit {
    private final KafkaClients clients;
    private final EventCodec codec;
    private final LedgerFold newest;
    private final String origin;
    private final List<LedgerFinding> findings;
    private final String standing;
    private final Optional<Long> since;

    private LedgerAudit(
            KafkaClients clients,
            EventCodec codec,
            String origin,
            LedgerFold newest,
            List<LedgerFinding> findings,
            Optional<Policy> policy,
            Optional<Checkpoint> before) {
        this.clients = clients;
        this.codec = codec;
        this.origin = origin;
        this.newest = newest;
        this.findings = findings;
        this.since = before.filter(newest::contains).map(Checkpoint::size);
        this.standing = standing(newest.newest(), policy);
    }

    /**
     * Reads the topic to its end.
     *
     * @param policy by which the newest checkpoint is judged
     * @param before a checkpoint that the auditor has from before, which the ledger has to contain
     * @return nothing if there is no ledger
     * @throws UndecidedCheckpoint if this program cannot tell what the policy makes of it
     */
    public static Optional<LedgerAudit> read(
            KafkaClients clients, EventCodec codec, Optional<Policy> policy, Optional<Checkpoint> before) {
        List<LedgerFinding> findings = new ArrayList<>();
        Map<String, LedgerFold> generations = new LinkedHashMap<>();
        Optional<String> newest = Optional.empty();
        try (LedgerTopic topic = new LedgerTopic(clients, codec, "handoff-audit-ledger")) {
            for (List<Statement> next = topic.next(); !next.isEmpty(); next = topic.next()) {
                for (Statement statement : next) {
                    var unused = generations
                            .computeIfAbsent(statement.origin(), origin -> new LedgerFold(origin, findings::add))
                            .take(statement);
                    newest = Optional.of(statement.origin());
                }
            }
        }
        generations.values().forEach(LedgerFold::end);
        return newest.map(origin -> new LedgerAudit(
                clients, codec, origin, Objects.requireNonNull(generations.get(origin)), findings, policy, before));
    }

    private String standing(Optional<SignedNote> note, Optional<Policy> policy) {
        if (note.isEmpty()) {
            return "no checkpoint yet";
        } else if (policy.isEmpty()) {
            return "signature not checked, for want of --key or --policy";
        }
        Judgement judgement = policy.get().judge(note.get());
        if (judgement instanceof Judgement.Accepted accepted) {
            return accepted.standing();
        }
        if (judgement instanceof Judgement.Undecided undecided) {
            throw new UndecidedCheckpoint(undecided.reason());
        }
        String reason = ((Judgement.Rejected) judgement).reason();
        findings.add(new LedgerFinding(
                About.SIGNATURE,
                "checkpoints",
                "the newest checkpoint, of size " + newest.newestSize() + ": " + reason));
        return "NOT ACCEPTED";
    }

    /** What is wrong with entries and checkpoints by themselves. */
    public List<LedgerFinding> findings() {
        return List.copyOf(findings);
    }

    /** Gives the entries, in their order, from the first again. */
    public void forEachEntry(Consumer<LedgerEntry> entries) {
        // They are not kept: a year of them has a gigabyte.
        LedgerFold again = new LedgerFold(origin, finding -> {});
        try (LedgerTopic topic = new LedgerTopic(clients, codec, "handoff-audit-entries")) {
            for (List<Statement> next = topic.next();
                    again.size() < newest.size() && !next.isEmpty();
                    next = topic.next()) {
                for (Statement statement : next) {
                    if (again.size() < newest.size() && statement.origin().equals(origin)) {
                        again.take(statement).ifPresent(entries);
                    }
                }
            }
        }
    }

    /** What it is, with so many records behind it. */
    public LedgerRead summary(long notYetCommitted) {
        return new LedgerRead(origin, newest.size(), newest.newestSize(), standing, since, notYetCommitted);
    }
}
