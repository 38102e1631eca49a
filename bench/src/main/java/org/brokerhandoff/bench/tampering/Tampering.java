package org.brokerhandoff.bench.tampering;

import java.util.Optional;
import java.util.function.Function;

/**
 * One kind of tampering.
 *
 * @param rule the audit's rule that must find it; empty if none can, and only a checkpoint shows it
 * @param committed whether a checkpoint shows it: the ledger commits to everything that a consumer reads of a record, except whose clock its time is from
 * @param done description of the change to the log
 * @param change makes the change; empty if the log has nothing to apply it to
 */
public record Tampering(
        Optional<String> rule, boolean committed, String done, Function<Forger, Optional<Forgery>> change) {
    static Tampering found(String rule, String done, Function<Forger, Optional<Forgery>> change) {
        return new Tampering(Optional.of(rule), true, done, change);
    }

    static Tampering foundByRuleAlone(String rule, String done, Function<Forger, Optional<Forgery>> change) {
        return new Tampering(Optional.of(rule), false, done, change);
    }

    static Tampering unseen(String done, Function<Forger, Optional<Forgery>> change) {
        return new Tampering(Optional.empty(), true, done, change);
    }
}
