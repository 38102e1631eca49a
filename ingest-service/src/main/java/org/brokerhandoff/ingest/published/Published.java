package org.brokerhandoff.ingest.published;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.schemas.Digests;

/**
 * What was published so far. A value.
 *
 * @param policies of one version and language, the first
 * @param recipients the ids that any version of the directory has
 */
record Published(List<Policy> policies, Set<String> recipients) {
    static final Published NOTHING = new Published(List.of(), Set.of());

    Published {
        policies = List.copyOf(policies);
        recipients = Set.copyOf(recipients);
    }

    /** With {@code event}; the same if it publishes nothing new. */
    Published with(SpecificRecord event) {
        if (event instanceof PolicyPublished published) {
            boolean known = policies.stream()
                    .anyMatch(policy -> policy.version().equals(published.getVersion())
                            && policy.language().equals(published.getLanguage()));
            if (!known) {
                List<Policy> more = new ArrayList<>(policies);
                more.add(new Policy(
                        published.getVersion(),
                        published.getLanguage(),
                        Digests.hex(published.getDigest()),
                        published.getEffectiveAt(),
                        published.getPublishedAt()));
                return new Published(more, recipients);
            }
        } else if (event instanceof DirectoryPublished directory) {
            Set<String> more = new HashSet<>(recipients);
            directory.getBrokers().forEach(broker -> more.add(broker.getId()));
            if (more.size() > recipients.size()) {
                return new Published(policies, more);
            }
        }
        return this;
    }
}
