package org.brokerhandoff.audit.verify;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.replay.DecisionReplay;
import org.brokerhandoff.audit.replay.InputCheck;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.SetAside;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/**
 * Judges one partition of the kept topics. A signup has the same partition number in all of them, so what is in memory is
 * bounded by the signups of one partition. Single use: add every record, those of one topic in order, then finish.
 */
public final class PartitionAudit {
    private final Scope scope;
    private final Tally tally;
    private final FactReader reader = new FactReader();
    private final Map<UUID, SignupFacts> signups = new HashMap<>();
    private final ErasureReports erasureReports = new ErasureReports();
    private final RecordAccounts accounts = new RecordAccounts();
    private final PurgeClaims claims = new PurgeClaims();
    private final InputCheck inputs = new InputCheck();
    private final Map<Topic, RecordTimes> times = new EnumMap<>(Topic.class);
    private int partition;
    private final DecisionReplay replay;

    /** Judges by what {@code scope} knows, and adds to {@code tally}. */
    public PartitionAudit(Scope scope, Tally tally) {
        this.scope = scope;
        this.tally = tally;
        this.replay = new DecisionReplay(scope.publications().directories(), scope.places());
    }

    /** Takes one record in. */
    public void add(KeptRecord record) {
        tally.events++;
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfRecord check) {
                check.violations(record, scope).forEach(sentence -> tally.violation(rule, record, sentence));
            }
        }
        times.computeIfAbsent(record.topic(), unused -> new RecordTimes(scope.now(), tally.lags, this::dated))
                .take(record);
        // A record in the wrong partition has no order among its signup's others; that it is there was reported. Places
        // stand in the partitions of their brokers, and were taken in before.
        if (record.topic() != Topic.PLACES && !LogRules.misplaced(record, scope)) {
            record.event().ifPresent(event -> {
                fold(event, record);
                decide(event, record);
            });
        }
    }

    private void dated(RecordTimes.Dating dating) {
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfDating check) {
                check.violations(dating).forEach(sentence -> tally.violation(rule, dating.record(), sentence));
            }
        }
    }

    private void decide(SpecificRecord event, KeptRecord record) {
        if (record.topic() != Topic.HANDOFFS) {
            return;
        }
        Optional<DecisionReplay.Outcome> outcome = replay.take(event);
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfDecision check) {
                check.violations(event, outcome, replay).forEach(sentence -> tally.violation(rule, record, sentence));
            }
        }
    }

    private void fold(SpecificRecord event, KeptRecord record) {
        inputs.take(event);
        if (event instanceof LogErased report) {
            // One about another partition is nobody's evidence: its signups are judged with their own partition.
            if (report.getPartition() == record.partition()) {
                erasureReports.add(report, record.offset());
            }
            return;
        } else if (event instanceof RecordsFinished finished) {
            // Two routers may account for one record at a take-over: that is no repeat of an event.
            accounts.add(
                    finished,
                    record.partition(),
                    scope.partitions(),
                    (signup, fact) ->
                            signups.computeIfAbsent(signup, SignupFacts::new).add(fact));
            return;
        } else if (event instanceof SetAside aside) {
            accounts.add(aside);
            return;
        }
        reader.fact(event, record.offset()).ifPresent(fact -> {
            UUID signup = EventId.signup(event).orElseThrow();
            if (signups.computeIfAbsent(signup, SignupFacts::new).add(fact)) {
                tally.repeats++;
            }
        });
    }

    /** Takes in how much of a partition was read. */
    public void add(Extent extent) {
        partition = extent.partition();
        RecordTimes read = times.remove(extent.topic());
        if (read != null) {
            read.finish();
        }
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfPartition check) {
                check.violations(extent, scope).forEach(sentence -> tally.violation(rule, extent, sentence));
            }
        }
    }

    /** Judges every signup of the partition. */
    public void finish() {
        List<SignupFacts> ordered = signups.values().stream()
                .sorted(Comparator.comparing(SignupFacts::signupId))
                .toList();
        accounts.settle(ordered);
        claims.settle(ordered, tally.slots);
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfOffsets check) {
                check.violations(accounts, scope).forEach(sentence -> tally.violation(rule, partition, sentence));
            }
        }
        for (SignupFacts facts : ordered) {
            tally.signup(facts, scope.now());
            tally.windows.add(facts, scope);
            for (Rule rule : Rules.ALL) {
                if (rule.check() instanceof Rule.OfSignup check) {
                    check.violations(facts, scope).forEach(sentence -> tally.violation(rule, facts, sentence));
                } else if (rule.check() instanceof Rule.OfLife check) {
                    check.violations(facts, accounts, scope)
                            .forEach(sentence -> tally.violation(rule, facts, sentence));
                } else if (rule.check() instanceof Rule.OfRelated check) {
                    check.violations(facts, id -> Optional.ofNullable(signups.get(id)), scope)
                            .forEach(sentence -> tally.violation(rule, facts, sentence));
                } else if (rule.check() instanceof Rule.OfClaims check) {
                    check.violations(claims, facts).forEach(sentence -> tally.violation(rule, facts, sentence));
                } else if (rule.check() instanceof Rule.OfErasure check) {
                    check.violations(facts, erasureReports).forEach(sentence -> tally.violation(rule, facts, sentence));
                }
            }
        }
        signups.clear();
        judgeInputs();
    }

    /** That a broker, or a purpose, is not in the consent says already that decisions were made from something else. */
    private void judgeInputs() {
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfInputs check) {
                inputs.deviations().stream()
                        .filter(deviation ->
                                !tally.broken(deviation.signupId(), ConsentRules.RECIPIENTS, ConsentRules.PURPOSE))
                        .forEach(deviation -> check.violations(deviation)
                                .forEach(sentence -> tally.violation(rule, deviation.signupId(), sentence)));
            }
        }
    }
}
