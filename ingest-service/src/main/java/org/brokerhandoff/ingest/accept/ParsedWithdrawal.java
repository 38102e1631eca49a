package org.brokerhandoff.ingest.accept;

import java.util.List;
import org.brokerhandoff.event.WithdrawalMethod;

/** What the body of a withdrawal turned out to be. */
public sealed interface ParsedWithdrawal {
    /** All rules kept. */
    record Valid(WithdrawalMethod method) implements ParsedWithdrawal {}

    /** JSON, but not of a withdrawal. */
    record Invalid(List<Fault> faults) implements ParsedWithdrawal {}

    /** Not JSON in UTF-8. */
    record Malformed() implements ParsedWithdrawal {}
}
