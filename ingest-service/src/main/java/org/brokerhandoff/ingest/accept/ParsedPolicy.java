package org.brokerhandoff.ingest.accept;

import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ingest.domain.Policy;

/** Result of parsing the body of a policy request. */
public sealed interface ParsedPolicy {
    /**
     * All rules kept.
     *
     * @param text in UTF-8; absent if only its digest was named
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Valid(Policy policy, Optional<byte[]> text) implements ParsedPolicy {}

    /** JSON, but not a policy. */
    record Invalid(List<Fault> faults) implements ParsedPolicy {}

    /** Not JSON in UTF-8. */
    record Malformed() implements ParsedPolicy {}
}
