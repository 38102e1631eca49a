package org.brokerhandoff.audit.verify;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.replay.DecisionReplay;
import org.brokerhandoff.audit.replay.InputCheck;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/**
 * Judges the signups of one partition, one after the other. Those linked by a rectification are judged when all of them are known, and are
 * the only ones that remain in memory. Single use.
 */
final class PartitionJudgement {
    private static final List<Rule> OF_PUBLISHED = Rules.ALL.stream()
            .filter(rule -> rule.check() instanceof Rule.OfPublished)
            .toList();
    private static final List<Rule> OF_DECISION = Rules.ALL.stream()
            .filter(rule -> rule.check() instanceof Rule.OfDecision)
            .toList();
    private static final List<Rule> OF_RELATED = Rules.ALL.stream()
            .filter(rule -> rule.check() instanceof Rule.OfRelated)
            .toList();
    private static final List<Rule> OF_ONE = Rules.ALL.stream()
            .filter(rule -> rule.check() instanceof Rule.OfSignup
                    || rule.check() instanceof Rule.OfLife
                    || rule.check() instanceof Rule.OfErasure)
            .toList();

    private final Scope scope;
    private final PartitionAudit read;
    private final Tally tally;
    private final ClaimSweep claims;
    private final SlotUses slots;
    private final FactReader reader = new FactReader();
    /** Signups with a rectification, and new data. */
    private final SortedMap<UUID, SignupFacts> related = new TreeMap<>();

    private final SortedMap<UUID, SignupFacts> named = new TreeMap<>();
    private final Set<UUID> wanted = new HashSet<>();

    PartitionJudgement(Scope scope, PartitionAudit read, ClaimSweep claims, SlotUses slots) {
        this.scope = scope;
        this.read = read;
        this.tally = read.tally();
        this.claims = claims;
        this.slots = slots;
    }

    void judge(SubjectRecords records, EventCodec codec) {
        records.forEach(read.partition(), codec, this::subject);
        judgeRelated(records, codec);
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfOffsets check) {
                check.violations(read.accounts(), scope)
                        .forEach(sentence -> tally.violation(rule, read.partition(), sentence));
            }
        }
        claims.forEach(
                contradiction -> violation(EvidenceRules.CLAIMS, contradiction),
                contradiction -> violation(SeenRules.SEEN, contradiction));
    }

    private void violation(Rule rule, Contradiction contradiction) {
        tally.violation(rule, contradiction.signupId(), contradiction.sentence());
    }

    private void subject(UUID subject, List<SubjectRecords.Entry> entries) {
        SignupFacts facts = new SignupFacts(subject);
        DecisionReplay replay = new DecisionReplay(scope.publications().directories(), scope.places());
        InputCheck inputs = new InputCheck();
        boolean signup = false;
        for (SubjectRecords.Entry entry : entries) {
            if (entry instanceof SubjectRecords.Entry.Finished finished) {
                signup = true;
                facts.add(finished.fact());
            } else if (entry instanceof SubjectRecords.Entry.Kept kept) {
                KeptRecord record = kept.record();
                published(record);
                SpecificRecord event = record.event().orElseThrow();
                if (kept.counts() && EventId.signup(event).isPresent()) {
                    signup |= record.topic() != Topic.PLACES;
                    take(facts, kept);
                    inputs.take(event);
                    decide(event, record, replay);
                }
            }
        }
        if (signup) {
            judge(facts, inputs);
        }
    }

    private void published(KeptRecord record) {
        for (Rule rule : OF_PUBLISHED) {
            ((Rule.OfPublished) rule.check())
                    .violations(record, scope)
                    .forEach(sentence -> tally.violation(rule, record, sentence));
        }
    }

    /** Adds a record's statement to its signup. */
    private void take(SignupFacts facts, SubjectRecords.Entry.Kept kept) {
        SpecificRecord event = kept.record().event().orElseThrow();
        if (event instanceof PlaceRequested request) {
            if (kept.granted()) {
                facts.grants().granted(request);
            }
        } else if (event instanceof PlaceReleased release) {
            facts.grants().released(release);
        } else {
            reader.fact(event, kept.record().offset()).ifPresent(fact -> {
                if (facts.add(fact)) {
                    tally.repeats++;
                }
            });
        }
    }

    private void decide(SpecificRecord event, KeptRecord record, DecisionReplay replay) {
        if (record.topic() != Topic.HANDOFFS) {
            return;
        }
        Optional<DecisionReplay.Outcome> outcome = replay.take(event);
        for (Rule rule : OF_DECISION) {
            ((Rule.OfDecision) rule.check())
                    .violations(event, outcome, replay)
                    .forEach(sentence -> tally.violation(rule, record, sentence));
        }
    }

    private void judge(SignupFacts facts, InputCheck inputs) {
        read.accounts().starts(facts);
        claims.add(facts);
        slots.add(facts);
        tally.signup(facts, scope.now());
        read.listener().judged(Standing.of(facts, scope));
        tally.windows.add(facts, scope);
        boolean otherInputs = false;
        for (Rule rule : OF_ONE) {
            List<String> sentences = violations(rule, facts);
            sentences.forEach(sentence -> tally.violation(rule, facts, sentence));
            otherInputs |=
                    !sentences.isEmpty() && (rule.equals(ConsentRules.RECIPIENTS) || rule.equals(ConsentRules.PURPOSE));
        }
        // A broker, or a purpose, outside the consent already implies decisions from other inputs.
        if (!otherInputs) {
            judge(inputs);
        }
        relate(facts);
    }

    private List<String> violations(Rule rule, SignupFacts facts) {
        if (rule.check() instanceof Rule.OfSignup check) {
            return check.violations(facts, scope);
        } else if (rule.check() instanceof Rule.OfLife check) {
            return check.violations(facts, read.accounts(), scope);
        }
        return ((Rule.OfErasure) rule.check()).violations(facts, read.erasureReports());
    }

    private void judge(InputCheck inputs) {
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfInputs check) {
                inputs.deviations()
                        .forEach(deviation -> check.violations(deviation)
                                .forEach(sentence -> tally.violation(rule, deviation.signupId(), sentence)));
            }
        }
    }

    private void relate(SignupFacts facts) {
        Set<UUID> others = new HashSet<>();
        facts.corrects().ifPresent(others::add);
        for (RightsFact.Request request : facts.all(RightsFact.Request.class)) {
            if (request.sealedAs() != null) {
                others.add(request.sealedAs());
            }
        }
        if (!others.isEmpty()) {
            related.put(facts.signupId(), facts);
            wanted.addAll(others);
        }
    }

    private void judgeRelated(SubjectRecords records, EventCodec codec) {
        wanted.removeAll(related.keySet());
        if (!wanted.isEmpty()) {
            records.forEach(read.partition(), codec, this::find);
        }
        named.putAll(related);
        for (SignupFacts facts : related.values()) {
            for (Rule rule : OF_RELATED) {
                ((Rule.OfRelated) rule.check())
                        .violations(facts, id -> Optional.ofNullable(named.get(id)), scope)
                        .forEach(sentence -> tally.violation(rule, facts, sentence));
            }
        }
    }

    private void find(UUID subject, List<SubjectRecords.Entry> entries) {
        if (!wanted.contains(subject)) {
            return;
        }
        SignupFacts facts = new SignupFacts(subject);
        for (SubjectRecords.Entry entry : entries) {
            if (entry instanceof SubjectRecords.Entry.Finished finished) {
                facts.add(finished.fact());
            } else if (entry instanceof SubjectRecords.Entry.Kept kept && kept.counts()) {
                long repeatsBefore = tally.repeats;
                take(facts, kept);
                tally.repeats = repeatsBefore;
            }
        }
        named.put(subject, facts);
    }
}
