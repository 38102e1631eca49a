package org.brokerhandoff.ingest.accept;

import java.util.List;
import org.brokerhandoff.event.WithdrawalMethod;

/** Result of parsing the body of a withdrawal. */
public sealed interface ParsedWithdrawal {
    /** All rules kept. */
    record Valid(WithdrawalMethod method) implements ParsedWithdrawal {}

    /** JSON, but not a withdrawal. */
    record Invalid(List<Fault> faults) implements ParsedWithdrawal {}

    /** Not JSON in UTF-8. */
    record Malformed() implements ParsedWithdrawal {}
}
