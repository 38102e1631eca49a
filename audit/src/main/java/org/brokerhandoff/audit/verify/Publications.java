package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PolicyPublished;

/**
 * The events that concern no single signup: few, in any partition, and needed to judge signups of all partitions.
 *
 * @param policies one entry per publication that differs
 * @param directories digests of the directory versions
 */
public record Publications(List<Policy> policies, Set<Digest> directories) {

    /**
     * A policy version in one language.
     *
     * @param effectiveAtMillis from when consents may name it
     * @param publishedAtMillis when it was published
     */
    public record Policy(
            String version, String language, Digest digest, long effectiveAtMillis, long publishedAtMillis) {
        boolean sameVersionAndLanguage(Policy other) {
            return version.equals(other.version) && language.equals(other.language);
        }

        boolean agreesWith(Policy other) {
            return digest.equals(other.digest) && effectiveAtMillis == other.effectiveAtMillis;
        }
    }

    /** Copies both. */
    public Publications {
        policies = List.copyOf(policies);
        directories = Set.copyOf(directories);
    }

    /** What {@code events} publish; events of other types are passed over. */
    public static Publications of(Collection<? extends SpecificRecord> events) {
        List<Policy> policies = new ArrayList<>();
        Set<Digest> directories = new HashSet<>();
        for (SpecificRecord event : events) {
            if (event instanceof PolicyPublished published) {
                Policy policy = new Policy(
                        published.getVersion(),
                        published.getLanguage(),
                        published.getDigest(),
                        published.getEffectiveAt().toEpochMilli(),
                        published.getPublishedAt().toEpochMilli());
                if (!policies.contains(policy)) {
                    policies.add(policy);
                }
            } else if (event instanceof DirectoryPublished published) {
                directories.add(published.getDigest());
            }
        }
        return new Publications(policies, directories);
    }
}
