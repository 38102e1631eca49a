package org.brokerhandoff.ingest.published;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.ingest.policy.PolicyBook;
import org.brokerhandoff.schemas.Digests;

/**
 * What has been published so far. A value.
 *
 * @param policies for each kind, version and language, the first
 * @param recipients all ids that any version of the directory has
 */
record Published(List<Policy> policies, Set<String> recipients) {
    static final Published NOTHING = new Published(List.of(), Set.of());

    Published {
        policies = List.copyOf(policies);
        recipients = Set.copyOf(recipients);
    }

    /** With {@code event}; unchanged if it publishes nothing new. */
    Published with(SpecificRecord event) {
        if (event instanceof PolicyPublished published) {
            Policy policy = new Policy(
                    published.getKind(),
                    published.getVersion(),
                    published.getLanguage(),
                    Digests.hex(published.getDigest()),
                    published.getEffectiveAt(),
                    published.getPublishedAt());
            if (policies.stream().noneMatch(known -> PolicyBook.sameVersionAndLanguage(known, policy))) {
                List<Policy> more = new ArrayList<>(policies);
                more.add(policy);
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
