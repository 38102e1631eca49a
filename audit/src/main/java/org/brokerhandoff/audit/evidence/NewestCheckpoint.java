package org.brokerhandoff.audit.evidence;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.audit.report.Checkpoint;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.eventlog.LedgerTopic.Statement;
import org.brokerhandoff.ledger.entry.EntryText;
import org.brokerhandoff.ledger.entry.MalformedEntry;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.schemas.EventCodec;

/** Finds the newest checkpoint in topic {@code checkpoints}. */
public final class NewestCheckpoint {
    private Optional<Statement.Checkpoint> newest = Optional.empty();
    private Instant entryTime = Instant.EPOCH;

    private NewestCheckpoint() {}

    /**
     * The newest checkpoint; empty if there is none, or the topic is missing or not readable for this client.
     *
     * @param trust policy for its signatures; empty: they are not verified
     */
    public static Optional<Checkpoint> of(KafkaClients clients, EventCodec codec, Optional<Policy> trust) {
        NewestCheckpoint found = new NewestCheckpoint();
        try (LedgerTopic topic = new LedgerTopic(clients, codec, "handoff-audit")) {
            for (List<Statement> next = topic.next(); !next.isEmpty(); next = topic.next()) {
                next.forEach(found::take);
            }
        } catch (EventLogUnavailable e) {
            return Optional.empty();
        }
        return found.checkpoint(trust);
    }

    private void take(Statement statement) {
        if (statement instanceof Statement.Checkpoint head) {
            newest = Optional.of(head);
        } else if (statement instanceof Statement.Entry entry) {
            try {
                entryTime = Instant.ofEpochSecond(EntryText.parse(entry.text().getBytes(StandardCharsets.UTF_8))
                        .timeSeconds());
            } catch (MalformedEntry e) {
                // Void: not an entry.
                return;
            }
        }
    }

    private Optional<Checkpoint> checkpoint(Optional<Policy> trust) {
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        try {
            SignedNote note = SignedNote.parse(newest.get().note().getBytes(StandardCharsets.UTF_8));
            var said = org.brokerhandoff.ledger.note.Checkpoint.parse(note.text());
            return Optional.of(new Checkpoint(
                    said.origin(),
                    said.size(),
                    entryTime,
                    said.root().toString(),
                    note.signatures().stream()
                            .map(signature ->
                                    signature.name() + " " + HexFormat.of().toHexDigits(signature.keyId()))
                            .toList(),
                    trust.map(policy -> policy.judge(note))));
        } catch (MalformedNote e) {
            return Optional.empty();
        }
    }
}
