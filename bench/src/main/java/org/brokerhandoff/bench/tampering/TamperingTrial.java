package org.brokerhandoff.bench.tampering;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.audit.verify.Violation;
import org.brokerhandoff.bench.tampering.Commitments.Difference;
import org.brokerhandoff.bench.tampering.CopiedLog.Place;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.HoldTimes;

/** Every kind of tampering, on one log: what the rules find, and what a checkpoint over the original log shows. */
public final class TamperingTrial {
    private final CopiedLog log;
    private final Commitments commitments;
    private final EventCodec codec;
    private final Instant now;

    /**
     * Result for one kind.
     *
     * @param kind the kind
     * @param applied whether the log had something to apply it to
     * @param rules the rules that found something
     * @param named whether the rule that must find it names the signup, or the position or version if it concerns none
     * @param segments where the checkpoint shows it: segment and leaf
     * @param leaves whether these are exactly the changed records
     */
    public record Outcome(
            Tampering kind, boolean applied, Set<String> rules, boolean named, List<String> segments, boolean leaves) {
        /** Whether it was found as its kind specifies. */
        public boolean holds() {
            return kind.rule().map(rule -> rules.contains(rule) && named).orElse(rules.isEmpty())
                    && leaves == kind.committed();
        }
    }

    /** A trial on {@code log}, judged at {@code now}. */
    public TamperingTrial(CopiedLog log, Commitments commitments, EventCodec codec, Instant now) {
        this.log = log;
        this.commitments = commitments;
        this.codec = codec;
        this.now = now;
    }

    /** Every kind, in documentation order. */
    public static List<Tampering> kinds() {
        return Stream.of(
                        RecordTamperings.all(),
                        ConsentTamperings.all(),
                        HandoffTamperings.all(),
                        PurgeTamperings.all(),
                        RequestTamperings.all(),
                        UnseenTamperings.all())
                .flatMap(List::stream)
                .toList();
    }

    /** The kinds as a Markdown table, by the rule that finds them; those that no rule can find come last. */
    public static String markdown() {
        Map<String, List<String>> byRule = kinds().stream()
                .collect(Collectors.groupingBy(
                        kind -> kind.rule().map(rule -> "`" + rule + "`").orElse("~a checkpoint alone"),
                        TreeMap::new,
                        Collectors.mapping(Tampering::done, Collectors.toList())));
        StringBuilder table = new StringBuilder("| found by | what was done to the log of an installation that ran, "
                + kinds().size() + " kinds |\n|---|---|\n");
        byRule.forEach((rule, done) -> table.append("| ")
                .append(rule.replace("~", ""))
                .append(" | ")
                .append(String.join("; ", done))
                .append(" |\n"));
        return table.toString();
    }

    /** The rules' findings on the unchanged log, and whether the checkpoint covers exactly that. */
    public Verdict untouched() {
        if (!commitments.cover(log) || !commitments.differences(log).isEmpty()) {
            throw new IllegalStateException("the checkpoint is not over this log");
        }
        return verdict(log);
    }

    /** Tries every kind. */
    public List<Outcome> run() {
        Forger forger = new Forger(log);
        return kinds().stream()
                .map(kind -> kind.change()
                        .apply(forger)
                        .map(forgery -> outcome(kind, forgery))
                        .orElseGet(() -> new Outcome(kind, false, Set.of(), false, List.of(), false)))
                .toList();
    }

    private Outcome outcome(Tampering kind, Forgery forgery) {
        Verdict verdict = verdict(forgery.log());
        Set<String> rules =
                verdict.violations().stream().map(Violation::rule).collect(Collectors.toCollection(LinkedHashSet::new));
        boolean named = verdict.violations().stream()
                .filter(violation ->
                        kind.rule().filter(violation.rule()::equals).isPresent())
                .anyMatch(violation ->
                        forgery.signup().isEmpty() || violation.signupId().equals(forgery.signup()));
        List<Difference> shown = commitments.differences(forgery.log());
        return new Outcome(
                kind,
                true,
                rules,
                named,
                shown.stream()
                        .map(each -> each.segment() + " leaf " + each.place())
                        .toList(),
                !shown.isEmpty()
                        && shown.stream().map(Difference::place).toList().containsAll(firstChanges(forgery.log())));
    }

    /** For each partition, the first changed record, found by comparing the records themselves. Records after the end are not changes. */
    private Collection<String> firstChanges(CopiedLog forged) {
        List<String> found = new ArrayList<>();
        log.all().stream().map(Place::of).distinct().forEach(place -> {
            Map<Long, KeptRecord> others =
                    forged.in(place).stream().collect(Collectors.toMap(KeptRecord::offset, record -> record));
            log.in(place).stream()
                    .filter(record -> Optional.ofNullable(others.get(record.offset()))
                            .filter(other ->
                                    other.stored().hash().equals(record.stored().hash()))
                            .isEmpty())
                    .findFirst()
                    .ifPresent(record ->
                            found.add(place.topic().baseName() + "-" + place.partition() + "@" + record.offset()));
        });
        return found;
    }

    private Verdict verdict(CopiedLog judged) {
        return AuditVerifier.verify(judged, codec, now, true, HoldTimes.LONGEST_HOLD, (partition, partitions) -> {});
    }
}
