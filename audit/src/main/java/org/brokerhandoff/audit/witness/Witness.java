package org.brokerhandoff.audit.witness;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.LogChanged;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.NoteSignature;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledger.note.VerifierKey;
import org.brokerhandoff.ledger.witness.AddCheckpoint;
import org.brokerhandoff.ledger.witness.Decision;
import org.brokerhandoff.ledger.witness.WitnessRules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides requests, one at a time for each origin: otherwise a smaller checkpoint that was checked earlier could be stored over a larger one.
 * A cosignature is returned only after the folder has its checkpoint, so after a crash in between the log repeats its request and the same
 * tree is cosigned again. Thread-safe.
 *
 * <pre>
 * read the last checkpoint ─▶ decide ─▶ examine the ledger ─▶ CHECKED ─▶ cosign ─▶ store, synced ─▶ STORED ─▶ answer
 * </pre>
 */
final class Witness {
    private static final Logger LOG = LoggerFactory.getLogger(Witness.class);
    private static final String TEXT = "text/plain; charset=utf-8";

    private final List<VerifierKey> logs;
    private final WitnessRules rules;
    private final WitnessFolder folder;
    private final SigningKey key;
    private final Map<String, Log> watched;
    private final InstantSource clock;
    private final Observer steps;

    /** Crash points. */
    enum Step {
        /** All checks have passed, nothing is written. */
        CHECKED,
        /** The folder has the new checkpoint, the log has no answer. */
        STORED
    }

    /** Receives each step. */
    interface Observer {
        Observer NONE = step -> {};

        void passed(Step step);
    }

    /** One log: its check, and the lock of its requests. */
    private static final class Log {
        private final LedgerCheck check;

        Log(LedgerCheck check) {
            this.check = check;
        }
    }

    /** An HTTP response. */
    record Answer(int status, String contentType, String body) {
        static Answer refused(int status, String reason) {
            return new Answer(status, TEXT, reason + "\n");
        }
    }

    /**
     * A witness of {@code logs}.
     *
     * @param check creates the check of each origin
     */
    Witness(
            List<VerifierKey> logs,
            WitnessFolder folder,
            SigningKey key,
            Function<String, LedgerCheck> check,
            InstantSource clock,
            Observer steps) {
        this.logs = List.copyOf(logs);
        this.rules = new WitnessRules(logs);
        this.folder = folder;
        this.key = key;
        this.watched = logs.stream()
                .map(VerifierKey::name)
                .distinct()
                .collect(Collectors.toMap(name -> name, name -> new Log(check.apply(name))));
        this.clock = clock;
        this.steps = steps;
    }

    /** The answer to {@code add-checkpoint}. Blocks: for the disk, and while the ledger is examined. */
    Answer add(byte[] body) {
        AddCheckpoint request;
        String origin;
        try {
            request = AddCheckpoint.parse(body);
            origin = Checkpoint.parse(request.note().text()).origin();
        } catch (MalformedNote e) {
            return Answer.refused(400, String.valueOf(e.getMessage()));
        }
        Log log = watched.get(origin);
        if (log == null) {
            return answer(request, Optional.empty(), rules.decide(request, Optional.empty()), LedgerCheck.NONE);
        }
        synchronized (log) {
            Optional<SignedNote> latest = folder.latest(origin);
            return answer(request, latest, rules.decide(request, latest.map(Witness::checkpoint)), log.check);
        }
    }

    private static Checkpoint checkpoint(SignedNote stored) {
        try {
            return Checkpoint.parse(stored.text());
        } catch (MalformedNote e) {
            throw new IllegalStateException("what was stored is a checkpoint", e);
        }
    }

    private Answer answer(AddCheckpoint request, Optional<SignedNote> latest, Decision decision, LedgerCheck check) {
        if (decision instanceof Decision.Conflict conflict) {
            return new Answer(decision.status(), Decision.Conflict.CONTENT_TYPE, conflict.size() + "\n");
        } else if (decision instanceof Decision.Refuse refuse) {
            if (refuse.misbehaviour()) {
                Path kept = folder.keepContradiction(latest.orElse(request.note()), request.note());
                LOG.error("a log contradicts itself: {}; both notes are in {}", refuse.reason(), kept);
            }
            return Answer.refused(refuse.status(), refuse.reason());
        }
        return examined(request.note(), ((Decision.Cosign) decision).checkpoint(), check);
    }

    private Answer examined(SignedNote note, Checkpoint next, LedgerCheck check) {
        Optional<String> objection;
        try {
            objection = check.objection(next);
        } catch (EventLogUnavailable | LogChanged | UnknownSchema e) {
            LOG.warn("not cosigned, since the ledger cannot be examined: {}", e.getMessage());
            return Answer.refused(503, "the ledger cannot be examined now");
        }
        if (objection.isPresent()) {
            LOG.error("not cosigned: checkpoint {} of {}: {}", next.size(), next.origin(), objection.get());
            return Answer.refused(422, objection.get());
        }
        steps.passed(Step.CHECKED);
        NoteSignature cosignature = key.cosign(note.text(), clock.instant());
        List<NoteSignature> logSignatures = note.signatures().stream()
                .filter(signature -> logs.stream().anyMatch(log -> log.claimedBy(signature)))
                .toList();
        folder.store(next.origin(), new SignedNote(note.text(), logSignatures).with(List.of(cosignature)));
        steps.passed(Step.STORED);
        return new Answer(200, TEXT, cosignature.line() + "\n");
    }

    /** The last cosigned checkpoint of the origin with this hash, if it is one of the logs'. */
    Optional<String> checkpoint(String originHash) {
        return logs.stream().map(VerifierKey::name).map(WitnessFolder::hash).anyMatch(originHash::equals)
                ? folder.checkpoint(originHash).map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                : Optional.empty();
    }
}
