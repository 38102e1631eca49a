package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.schemas.EventId;

/** Gathers counts and violations over all partitions, for one verdict. */
public final class Tally {
    private final Scope scope;
    private final List<Violation> violations = new ArrayList<>();
    private final Map<PurgeReason, Long> purgedByReason = new EnumMap<>(PurgeReason.class);
    private final Map<PurgeLevel, Long> purgedByLevel = new EnumMap<>(PurgeLevel.class);
    private long accepted;
    private long neverAccepted;
    private long delivered;
    private long withdrawn;
    private long open;
    private long requests;
    private long openRequests;
    private final List<UUID> restrictedWithoutRequest = new ArrayList<>();
    private final Set<Broken> broken = new HashSet<>();
    final Windows windows = new Windows();
    /** By service, how far its last record was from its append. */
    final Map<String, Long> lags = new HashMap<>();

    final SlotUses slots;

    long events;
    long repeats;

    /** A rule that does not hold for a signup. */
    private record Broken(String rule, UUID signup) {}

    /** Starts with what {@code scope} knows: the published policies and directories are judged here. */
    public Tally(Scope scope) {
        this.scope = scope;
        this.slots = new SlotUses(scope.publications().starts());
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfPublications check) {
                check.violations(scope.publications())
                        .forEach(sentence -> violations.add(
                                new Violation(rule.code(), Optional.empty(), Optional.empty(), sentence)));
            }
        }
    }

    void violation(Rule rule, KeptRecord record, String sentence) {
        violations.add(new Violation(
                rule.code(),
                record.event().flatMap(EventId::signup).or(record::keyedSignup),
                Optional.of(record.place()),
                sentence));
    }

    void violation(Rule rule, Extent extent, String sentence) {
        violations.add(new Violation(rule.code(), Optional.empty(), Optional.of(extent.place()), sentence));
    }

    void violation(Rule rule, int partition, String sentence) {
        violations.add(new Violation(rule.code(), Optional.empty(), Optional.of("partition " + partition), sentence));
    }

    void violation(Rule rule, SignupFacts signup, String sentence) {
        violation(rule, signup.signupId(), sentence);
    }

    void violation(Rule rule, UUID signup, String sentence) {
        broken.add(new Broken(rule.code(), signup));
        violations.add(new Violation(rule.code(), Optional.of(signup), Optional.empty(), sentence));
    }

    /** Whether one of {@code rules} does not hold for {@code signup}. */
    boolean broken(UUID signup, Rule... rules) {
        return Arrays.stream(rules).anyMatch(rule -> broken.contains(new Broken(rule.code(), signup)));
    }

    void signup(SignupFacts signup, Instant now) {
        List<Fact.Purge> purges = signup.all(Fact.Purge.class);
        if (signup.has(Fact.Ground.class)) {
            accepted++;
        } else if (purges.stream().anyMatch(purge -> ConsentRules.neverAccepted(signup, purge))) {
            neverAccepted++;
        }
        delivered += signup.has(Fact.Acceptance.class) ? 1 : 0;
        withdrawn += signup.has(Fact.Withdrawal.class) ? 1 : 0;
        open += PurgeRules.open(signup, now) ? 1 : 0;
        requests += RequestRules.first(signup).count();
        openRequests += RequestRules.first(signup)
                .filter(request -> RequestRules.open(signup, request))
                .count();
        if (RequestRules.restrictedWithoutRequest(signup)) {
            restrictedWithoutRequest.add(signup.signupId());
        }
        purges.stream().max(Comparator.comparing(Fact.Purge::level)).ifPresent(purge -> {
            purgedByReason.merge(purge.reason(), 1L, Long::sum);
            purgedByLevel.merge(purge.level(), 1L, Long::sum);
        });
    }

    /** The verdict on all that was taken in, of no log that can be named. */
    Verdict verdict() {
        return verdict(Optional.empty());
    }

    /** The verdict on all that was taken in, which is {@code read}. */
    public Verdict verdict(LogRead read) {
        return verdict(Optional.of(read));
    }

    private Verdict verdict(Optional<LogRead> read) {
        for (Rule rule : Rules.ALL) {
            if (rule.check() instanceof Rule.OfWindows check) {
                check.violations(windows)
                        .forEach(sentence -> violations.add(
                                new Violation(rule.code(), Optional.empty(), Optional.empty(), sentence)));
            }
        }
        return new Verdict(
                read,
                scope.now(),
                scope.complete(),
                new Verdict.Counts(
                        scope.partitions(),
                        events,
                        repeats,
                        accepted,
                        neverAccepted,
                        delivered,
                        withdrawn,
                        open,
                        requests,
                        openRequests,
                        purgedByReason,
                        purgedByLevel,
                        scope.publications().policies().size(),
                        scope.publications().directories().count()),
                restrictedWithoutRequest,
                violations);
    }
}
