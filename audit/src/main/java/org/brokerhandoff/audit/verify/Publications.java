package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.replay.Directories;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.schemas.CustodyCeiling;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.PolicyTimeline;
import org.brokerhandoff.schemas.PolicyTimeline.Standing;

/**
 * The events that concern no single signup: few, in any partition, and needed to judge signups of all partitions.
 *
 * @param policies one entry per publication that differs
 * @param directories the directory versions
 * @param countries the versions of the rules per country
 * @param examinations the routers' findings about custody's location at their starts, by time
 * @param starts of services that hold keys
 * @param suspensions of brokers
 * @param recordsAccounted whether routers account for the offsets of the topics with sealed data; older logs have no accounts
 */
public record Publications(
        List<Policy> policies,
        Directories directories,
        CountryRuleVersions countries,
        List<Examination> examinations,
        CustodyStarts starts,
        Suspensions suspensions,
        boolean recordsAccounted) {
    /** A router's finding at a start permits its purges to claim this level. */
    public record Examination(
            RandomId instance, long examinedAtMillis, PurgeLevel highest, boolean ofSlotFile, boolean ofCells) {}

    /**
     * A version of a document in one language.
     *
     * @param kind what document it is
     * @param effectiveAtMillis from when consents may name it
     * @param publishedAtMillis when it was published
     */
    public record Policy(
            DocumentKind kind,
            String version,
            String language,
            Digest digest,
            long effectiveAtMillis,
            long publishedAtMillis) {
        boolean sameVersionAndLanguage(Policy other) {
            return kind == other.kind && version.equals(other.version) && language.equals(other.language);
        }

        PolicyTimeline.Text text() {
            return new PolicyTimeline.Text(
                    kind, version, Instant.ofEpochMilli(effectiveAtMillis), Instant.ofEpochMilli(publishedAtMillis));
        }

        boolean agreesWith(Policy other) {
            return digest.equals(other.digest) && effectiveAtMillis == other.effectiveAtMillis;
        }
    }

    /** When consents may name each document of a kind. */
    private PolicyTimeline timeline(DocumentKind kind) {
        return PolicyTimeline.of(kind, policies.stream().map(Policy::text).toList());
    }

    /** The best verdict of the texts shown on an accepted consent; {@code UNKNOWN}, if there are none. */
    Standing standingWhenTaken(Collection<Policy> shown, Instant givenAt, Instant receivedAt) {
        return shown.stream()
                .map(policy -> timeline(policy.kind()).standingWhenTaken(policy.text(), givenAt, receivedAt))
                .max(Comparator.naturalOrder())
                .orElse(Standing.UNKNOWN);
    }

    /** Copies the lists. */
    public Publications {
        examinations = examinations.stream()
                .sorted(Comparator.comparingLong(Examination::examinedAtMillis))
                .toList();
        policies = List.copyOf(policies);
    }

    /** Whether {@code event} is of a type kept here. */
    static boolean concern(SpecificRecord event) {
        return event instanceof PolicyPublished
                || event instanceof DirectoryPublished
                || event instanceof CountryRulesPublished
                || event instanceof BrokerSuspended
                || event instanceof BrokerResumed
                || event instanceof CustodyExamined
                || event instanceof RecordsFinished;
    }

    /** The publications in {@code events}; other types are skipped. */
    public static Publications of(Collection<? extends SpecificRecord> events, EventCodec codec) {
        List<Policy> policies = new ArrayList<>();
        List<DirectoryPublished> directories = new ArrayList<>();
        List<CountryRulesPublished> countries = new ArrayList<>();
        List<Examination> examinations = new ArrayList<>();
        List<CustodyExamined> starts = new ArrayList<>();
        boolean recordsAccounted = false;
        for (SpecificRecord event : events) {
            if (event instanceof PolicyPublished published) {
                Policy policy = new Policy(
                        published.getKind(),
                        published.getVersion(),
                        published.getLanguage(),
                        published.getDigest(),
                        published.getEffectiveAt().toEpochMilli(),
                        published.getPublishedAt().toEpochMilli());
                if (!policies.contains(policy)) {
                    policies.add(policy);
                }
            } else if (event instanceof DirectoryPublished published) {
                directories.add(published);
            } else if (event instanceof CountryRulesPublished published) {
                countries.add(published);
            } else if (event instanceof CustodyExamined examined) {
                starts.add(examined);
                if (examined.getService() == ServiceName.ROUTER) {
                    examinations.add(new Examination(
                            examined.getInstance(),
                            examined.getExaminedAt().toEpochMilli(),
                            permitted(examined),
                            examined.getSlotFile() != null,
                            examined.getCells() != null));
                }
            } else if (event instanceof RecordsFinished) {
                recordsAccounted = true;
            }
        }
        return new Publications(
                policies,
                Directories.of(directories, codec),
                CountryRuleVersions.of(countries, codec),
                examinations,
                CustodyStarts.of(starts),
                Suspensions.of(events),
                recordsAccounted);
    }

    /** As above, for a log with accounts of records. */
    Publications accounted() {
        return new Publications(policies, directories, countries, examinations, starts, suspensions, true);
    }

    /** A repeat counts if it lists more. */
    private static PurgeLevel permitted(CustodyExamined examined) {
        PurgeLevel computed = CustodyCeiling.of(examined);
        return computed.compareTo(examined.getHighestLevel()) < 0 ? computed : examined.getHighestLevel();
    }

    /** The router's finding at this start; empty if it is not in the log. */
    Optional<Examination> examination(RandomId instance) {
        return examinations.stream()
                .filter(examination -> examination.instance().equals(instance))
                .findFirst();
    }

    /**
     * The highest level that a purge without a named instance, claimed at this moment, may claim: what the newest examination before it
     * permits. One within clock skew of the moment may be on either side of it, so both it and the one before count, and the more generous of
     * them applies. Without any examination, only {@code UNREADABLE}: there was no inspection yet.
     */
    PurgeLevel highestAt(long claimedAtMillis) {
        PurgeLevel highest = PurgeLevel.UNREADABLE;
        boolean certain = false;
        for (int i = examinations.size() - 1; i >= 0 && !certain; i--) {
            Examination examination = examinations.get(i);
            if (examination.examinedAtMillis() <= claimedAtMillis + ProcessClocks.MOST_APART_MILLIS) {
                highest = highest.compareTo(examination.highest()) < 0 ? examination.highest() : highest;
                certain = examination.examinedAtMillis() <= claimedAtMillis - ProcessClocks.MOST_APART_MILLIS;
            }
        }
        return highest;
    }
}
