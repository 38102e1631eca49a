package org.brokerhandoff.audit.ledger;

import java.util.ArrayList;
import java.util.HashMap;
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
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.schemas.EventCodec;

/**
 * A snapshot of the ledger in topic {@code checkpoints}: the entries and checkpoints of every generation are checked for consistency; the
 * newest one can be recomputed, partition by partition.
 */
public final class LedgerAudit {
    private final Source source;
    private final LedgerFold newest;
    private final List<LedgerFinding> findings;
    private final String standing;
    private final Optional<Long> since;

    /**
     * Where the entries of the newest generation are read again.
     *
     * @param position offset in the topic, not behind the first entry that was not verified before
     */
    private record Source(KafkaClients clients, EventCodec codec, String origin, long position) {}

    private LedgerAudit(
            Source source,
            LedgerFold newest,
            List<LedgerFinding> findings,
            Optional<Policy> policy,
            Optional<Checkpoint> before) {
        this.source = source;
        this.newest = newest;
        this.findings = findings;
        this.since = before.filter(newest::contains).map(Checkpoint::size);
        this.standing = standing(newest.newest(), policy);
    }

    /**
     * Reads the topic to its end.
     *
     * @param policy policy for the newest checkpoint
     * @param before a checkpoint that the auditor kept, which the ledger must contain
     * @param verified checkpoint of the earlier verification; 0 entries for none
     * @return empty if there is no ledger
     * @throws UndecidedCheckpoint if this program cannot decide whether the policy accepts it
     */
    public static Optional<LedgerAudit> read(
            KafkaClients clients,
            EventCodec codec,
            Optional<Policy> policy,
            Optional<Checkpoint> before,
            Optional<Checkpoint> verified) {
        long watched = verified.map(Checkpoint::size).orElse(0L);
        Map<String, Long> positions = new HashMap<>();
        List<LedgerFinding> findings = new ArrayList<>();
        Map<String, LedgerFold> generations = new LinkedHashMap<>();
        Optional<String> newest = Optional.empty();
        try (LedgerTopic topic = new LedgerTopic(clients, codec, "handoff-audit-ledger")) {
            long at = topic.position();
            for (List<Statement> next = topic.next(); !next.isEmpty(); next = topic.next()) {
                for (Statement statement : next) {
                    LedgerFold fold = generations.computeIfAbsent(
                            statement.origin(), origin -> new LedgerFold(origin, watched, findings::add));
                    if (fold.size() == watched) {
                        positions.put(statement.origin(), at);
                    }
                    var unused = fold.take(statement);
                    newest = Optional.of(statement.origin());
                }
                at = topic.position();
            }
        }
        generations.values().forEach(LedgerFold::end);
        return newest.map(origin -> new LedgerAudit(
                new Source(clients, codec, origin, positions.getOrDefault(origin, 0L)),
                Objects.requireNonNull(generations.get(origin)),
                findings,
                policy,
                before));
    }

    private String standing(Optional<SignedNote> note, Optional<Policy> policy) {
        if (note.isEmpty()) {
            return "no checkpoint yet";
        } else if (policy.isEmpty()) {
            return "signature not checked: neither --key nor --policy given";
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

    /** Faults of entries and checkpoints by themselves. */
    public List<LedgerFinding> findings() {
        return List.copyOf(findings);
    }

    /** Whether it extends the ledger of {@code checkpoint}, which has the same origin. */
    public boolean continues(Checkpoint checkpoint) {
        return newest.isOf(checkpoint);
    }

    /** Name of the newest generation. */
    public String origin() {
        return source.origin();
    }

    /** The newest checkpoint, if there is one. */
    public Optional<Checkpoint> checkpoint() {
        long size = newest.newestSize();
        return newest.newest().map(note -> new Checkpoint(source.origin(), size, newest.root(size)));
    }

    /** The newest index line of a partition at the size verified before. */
    public IndexLine verifiedIndex(int partition) {
        return newest.indexesAtWatched().get(partition);
    }

    /** Passes the entries, in order, from number {@code from}: 0, or the size verified before. */
    public void forEachEntry(long from, Consumer<LedgerEntry> entries) {
        // They are not kept: a year of entries takes a gigabyte.
        long next = from;
        try (LedgerTopic topic = new LedgerTopic(source.clients(), source.codec(), "handoff-audit-entries")) {
            topic.seek(from == 0 ? 0 : source.position());
            for (List<Statement> read = topic.next(); next < newest.size() && !read.isEmpty(); read = topic.next()) {
                for (Statement statement : read) {
                    if (next < newest.size()
                            && statement instanceof Statement.Entry said
                            && said.origin().equals(source.origin())) {
                        Optional<LedgerEntry> entry = said.next(next, newest.root(next));
                        if (entry.isPresent()) {
                            next++;
                            entries.accept(entry.get());
                        }
                    }
                }
            }
        }
    }

    /**
     * A summary, with this many records behind it.
     *
     * @param from size verified before; 0: none
     */
    public LedgerRead summary(long notYetCommitted, long from) {
        return new LedgerRead(
                source.origin(), newest.size(), newest.newestSize(), standing, since, from, notYetCommitted);
    }
}
