package org.brokerhandoff.ingest.policy;

import java.util.Optional;
import org.brokerhandoff.ingest.domain.Policy;

/**
 * A readable document in force.
 *
 * @param policy its publication
 * @param text in UTF-8; absent if only its digest was published
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Document(Policy policy, Optional<byte[]> text) {}
