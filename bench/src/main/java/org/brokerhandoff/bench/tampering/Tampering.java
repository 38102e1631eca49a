package org.brokerhandoff.bench.tampering;

import java.util.Optional;
import java.util.function.Function;

/**
 * One kind of tampering.
 *
 * @param rule the audit's rule that has to find it; empty where none can, and only a checkpoint shows it
 * @param committed whether a checkpoint shows it: the ledger commits to all that a consumer reads of a record, but to whose clock its time is by
 * @param done what is done to the log, in words
 * @param change does it; empty if the log has nothing that it could be done to
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
