package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.verify.ConsentRules.at;

import java.util.ArrayList;
import java.util.List;
import org.brokerhandoff.audit.verify.Fact.Parking;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.CustodyCeiling;
import org.brokerhandoff.schemas.Topic;

/** Rules on the evidence for the level of a purge. */
final class EvidenceRules {
    static final Rule EVIDENCE = Rule.ofSignup(
            "purge-evidence",
            "A purge carries the evidence that its level needs, and no read-back by cells for a key in a slot file.",
            (signup, scope) -> signup.all(PurgeFact.class).stream()
                    .flatMap(purge -> missingEvidence(signup, purge, scope).stream())
                    .distinct()
                    .toList());

    static final Rule LEVEL = Rule.ofSignup(
            "purge-level-permitted",
            "No purge claims more than its router's examination of custody's place permits.",
            (signup, scope) -> signup.all(PurgeFact.class).stream()
                    .flatMap(purge -> overclaim(purge, scope.publications()).stream())
                    .distinct()
                    .toList());

    static final Rule ERASURE = Rule.ofErasure(
            "erasure-observed",
            "A purge that claims ERASED rests on scans of the files of as many brokers as there were replicas, after the cut and"
                    + " before the claim, none of which found the record.",
            (signup, reports) -> signup.all(PurgeFact.class).stream()
                    .flatMap(purge -> unobservedErasure(purge, reports).stream())
                    .distinct()
                    .toList());

    static final Rule EXAMINATION = Rule.ofRecord(
            "examination-permits",
            "No examination of custody's place permits more than the findings it lists.",
            (record, scope) -> record
                    .event()
                    .filter(CustodyExamined.class::isInstance)
                    .map(CustodyExamined.class::cast)
                    .filter(examined -> examined.getHighestLevel().compareTo(CustodyCeiling.of(examined)) > 0)
                    .map(examined -> "it says " + examined.getHighestLevel() + ", but its findings permit "
                            + CustodyCeiling.of(examined))
                    .stream()
                    .toList());

    static final Rule CLAIMS = Rule.ofClaims(
            "claims-agree",
            "Purges do not contradict each other about positions of records, the start of the log or custody's slots.",
            contradiction -> List.of(contradiction.sentence()));

    static final Rule SET_ASIDE = Rule.ofLife(
            "set-aside-held",
            "No purge claims more than UNREADABLE while a copy of its record is among those set aside.",
            (signup, accounts, scope) -> signup.all(PurgeFact.class).stream()
                    .filter(purge -> purge.level() != PurgeLevel.UNREADABLE)
                    .filter(purge -> purge.offset() != null
                            && accounts.wasSetAside(SealedTopic.SIGNUPS, purge.offset())
                            && purge.purgedAtMillis() <= promise(signup, purge))
                    .map(purge -> "it claims " + purge.level()
                            + ", but its record was set aside, and the copy is kept until its hold ends")
                    .distinct()
                    .toList());

    static final List<Rule> ALL = List.of(EVIDENCE, LEVEL, EXAMINATION, ERASURE, CLAIMS, SET_ASIDE);

    private EvidenceRules() {}

    private static long promise(SignupFacts signup, PurgeFact purge) {
        Long named = purge.eraseByMillis();
        return signup.all(Fact.Ground.class).stream()
                .mapToLong(Fact.Ground::eraseByMillis)
                .min()
                .orElse(named == null ? Long.MIN_VALUE : named);
    }

    private static List<String> missingEvidence(SignupFacts signup, PurgeFact purge, Scope scope) {
        List<String> found = new ArrayList<>();
        if (ProcessClocks.certainlyBefore(purge.purgedAtMillis(), purge.keyErasedAtMillis())) {
            found.add("the purge was claimed at " + at(purge.purgedAtMillis()) + ", before its key was destroyed at "
                    + at(purge.keyErasedAtMillis()));
        }
        if (purge.readBack() == ReadBack.CELLS && ofSlotFile(purge, scope.publications())) {
            found.add("it says that cells read the key back, but its router's keys were in a slot file");
        }
        Integer partition = purge.partition();
        if (partition != null && partition != EventPartitions.of(signup.signupId(), scope.partitions())) {
            found.add("it names partition " + partition + ", where this signup's record cannot have been");
        }
        if (purge.level() == PurgeLevel.UNREADABLE) {
            return found;
        }
        if (purge.reason() == PurgeReason.INVALID) {
            found.add("it claims " + purge.level()
                    + " of a record that could not be read, of which a copy may be set aside");
        }
        Long offset = purge.offset();
        Long startOffset = purge.startOffset();
        // A slot found after a crash may know only the position of the parked copy.
        boolean behind = offset == null ? purge.parked() != null : startOffset != null && startOffset > offset;
        if (partition == null || startOffset == null || !behind) {
            found.add(claim(purge) + "the record's position and a start offset after it");
        }
        Integer replicas = purge.replicas();
        Integer inSync = purge.inSyncReplicas();
        if (replicas == null || inSync == null || replicas < 1 || !replicas.equals(inSync)) {
            found.add(claim(purge) + "all replicas in sync");
        }
        Long confirmed = purge.cutConfirmedAtMillis();
        Long interval = purge.checkpointIntervalMillis();
        if (confirmed == null || interval == null || interval < 1 || purge.purgedAtMillis() - interval < confirmed) {
            found.add(claim(purge) + "a checkpoint interval waited out after the cut");
        }
        PurgeFact.ParkedCut parked = purge.parked();
        if (parked == null) {
            if (signup.has(Parking.class)) {
                found.add(claim(purge) + "the cut of the parked topic, though it was parked");
            }
            return found;
        }
        if (parked.startOffset() < parked.endOffset()) {
            found.add(claim(purge) + "a parked topic that starts after everything that was in it");
        }
        if (parked.replicas() < 1 || parked.replicas() != parked.inSyncReplicas()) {
            found.add(claim(purge) + "all replicas of the parked topic in sync");
        }
        if (interval != null && purge.purgedAtMillis() - interval < parked.cutConfirmedAtMillis()) {
            found.add(claim(purge) + "a checkpoint interval waited out after the cut of the parked topic");
        }
        return found;
    }

    private static boolean ofSlotFile(PurgeFact purge, Publications publications) {
        RandomId instance = purge.instance();
        return instance != null
                && publications
                        .examination(instance)
                        .filter(Publications.Examination::ofSlotFile)
                        .isPresent();
    }

    private static List<String> overclaim(PurgeFact purge, Publications publications) {
        RandomId instance = purge.instance();
        return instance == null
                ? overclaimByTime(purge, publications)
                : publications
                        .examination(instance)
                        .map(examination -> overclaim(purge, examination))
                        .orElseGet(() -> List.of("the router that claimed it at " + at(purge.purgedAtMillis())
                                + " had not published its examination of custody's place"));
    }

    private static List<String> overclaim(PurgeFact purge, Publications.Examination examination) {
        if (ProcessClocks.certainlyBefore(purge.purgedAtMillis(), examination.examinedAtMillis())) {
            return List.of("it was claimed at " + at(purge.purgedAtMillis())
                    + ", before its router examined custody's place at " + at(examination.examinedAtMillis()));
        }
        return purge.level().compareTo(examination.highest()) <= 0
                ? List.of()
                : List.of("it claims " + purge.level() + " at " + at(purge.purgedAtMillis())
                        + ", where the examination at its router's start permits " + examination.highest());
    }

    /** Claims of earlier versions name no instance; the routers' clocks then decide which examination applies. */
    private static List<String> overclaimByTime(PurgeFact purge, Publications publications) {
        PurgeLevel highest = publications.highestAt(purge.purgedAtMillis());
        if (purge.level().compareTo(highest) <= 0) {
            return List.of();
        }
        boolean examined = publications.examinations().stream()
                .anyMatch(examination ->
                        examination.examinedAtMillis() <= purge.purgedAtMillis() + ProcessClocks.MOST_APART_MILLIS);
        return List.of("it claims " + purge.level() + " at " + at(purge.purgedAtMillis())
                + (examined
                        ? ", where the examination before it permits " + highest
                        : ", but no router had examined custody's place"));
    }

    private static List<String> unobservedErasure(PurgeFact purge, ErasureReports reports) {
        List<String> found = new ArrayList<>();
        Integer replicas = purge.replicas();
        Long confirmed = purge.cutConfirmedAtMillis();
        Long startOffset = purge.startOffset();
        // Its incomplete evidence is reported by another rule.
        if (purge.level() != PurgeLevel.ERASED || replicas == null || confirmed == null || startOffset == null) {
            return found;
        }
        Long offset = purge.offset();
        // A record without a known position was certainly before what the brokers serve.
        long last = offset == null ? startOffset - 1 : offset;
        unobserved(
                        new ErasureReports.Claim(
                                SealedTopic.SIGNUPS, last, confirmed, purge.purgedAtMillis(), purge.at()),
                        replicas,
                        reports)
                .forEach(found::add);
        PurgeFact.ParkedCut parked = purge.parked();
        if (parked != null) {
            unobserved(
                            new ErasureReports.Claim(
                                    SealedTopic.SIGNUPS_PARKED,
                                    parked.endOffset() - 1,
                                    parked.cutConfirmedAtMillis(),
                                    purge.purgedAtMillis(),
                                    purge.at()),
                            parked.replicas(),
                            reports)
                    .forEach(found::add);
        }
        return found;
    }

    private static List<String> unobserved(ErasureReports.Claim claim, int replicas, ErasureReports reports) {
        List<String> found = new ArrayList<>();
        String name = Topic.of(claim.topic()).name("");
        long brokers = reports.brokersWithout(claim);
        if (brokers < replicas) {
            found.add("it claims ERASED on " + replicas + " replicas, but between the cut of " + name + " at "
                    + at(claim.cutMillis()) + " and the claim the files of " + brokers
                    + " brokers were found without its record");
        }
        reports.brokersWithAgain(claim)
                .forEach(broker -> found.add("it claims ERASED, and after that a file of " + name + " at broker "
                        + broker + " was found to hold its record again"));
        return found;
    }

    private static String claim(PurgeFact purge) {
        return "it claims " + purge.level() + " without the evidence: ";
    }
}
