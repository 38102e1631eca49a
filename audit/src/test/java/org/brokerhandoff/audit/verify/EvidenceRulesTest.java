package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.EvidenceHistories.SLOT_FILE;
import static org.brokerhandoff.audit.verify.EvidenceHistories.andAnother;
import static org.brokerhandoff.audit.verify.EvidenceHistories.examined;
import static org.brokerhandoff.audit.verify.EvidenceHistories.finished;
import static org.brokerhandoff.audit.verify.EvidenceHistories.neverSent;
import static org.brokerhandoff.audit.verify.EvidenceHistories.oneSlotFile;
import static org.brokerhandoff.audit.verify.EvidenceHistories.passedOver;
import static org.brokerhandoff.audit.verify.EvidenceHistories.resumed;
import static org.brokerhandoff.audit.verify.EvidenceHistories.setAside;
import static org.brokerhandoff.audit.verify.EvidenceHistories.suspended;
import static org.brokerhandoff.audit.verify.SampleHistories.AFTER_THE_HOLD;
import static org.brokerhandoff.audit.verify.SampleHistories.HOUR_BEFORE;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.assignedTwice;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.erased;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.published;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.CanaryOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.CustodyFileSystem;
import org.brokerhandoff.event.CustodyFinding;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.RecordsFinished;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Evidence that is forged, or omitted, consistent in ids, keys and offsets: found by its rule and by no other. */
class EvidenceRulesTest {
    static Stream<Arguments> breaches() {
        return Stream.of(
                breach("examination-permits", "swap", examined(e -> e.setSwap(true))),
                breach("examination-permits", "core dumps", examined(e -> e.setCoreDumps(true))),
                breach("examination-permits", "no canary", examined(e -> e.setCanary(CanaryOutcome.NOT_DONE))),
                breach(
                        "examination-permits",
                        "the canary was found",
                        examined(e -> e.setFindings(List.of(CustodyFinding.CANARY_FOUND)))),
                breach(
                        "examination-permits",
                        "one finding of many",
                        examined(e -> e.setFindings(
                                List.of(CustodyFinding.TMPFS, CustodyFinding.HEAP_DUMPS_ON, CustodyFinding.XFS)))),
                breach(
                        "examination-permits",
                        "a file system that keeps copies",
                        examined(
                                e -> e.setFileSystem(CustodyFileSystem.BTRFS).setHighestLevel(PurgeLevel.UNREACHABLE))),
                breach(
                        "erasure-observed",
                        "a file held it again after the claim",
                        erased(LIFE.look(1, 800, 42L), LIFE.look(2, 800, 42L), LIFE.look(3, 800, 42L))
                                .write(LIFE.look(3, 5000, 41L))),
                breach(
                        "erasure-observed",
                        "a scan that was reported after the claim",
                        erased(LIFE.look(1, 800, 42L), LIFE.look(2, 800, 42L)).write(LIFE.look(3, 800, 42L))),
                breach("claims-agree", "two at one place", andAnother(delivered(), e -> e.setOffset(41L))),
                breach(
                        "claims-agree",
                        "a log whose beginning moved back",
                        andAnother(
                                        delivered()
                                                .change(
                                                        Purged.class,
                                                        e -> Purged.newBuilder(e)
                                                                .setStartOffset(90L)
                                                                .build()),
                                        e -> e.setOffset(95L)
                                                .setStartOffset(96L)
                                                .setCutConfirmedAt(e.getCutConfirmedAt()))
                                .write(third(80L, 81L))),
                breach(
                        "claims-agree",
                        "a record before the beginning of the log when it was received",
                        andAnother(
                                delivered()
                                        .change(
                                                Purged.class,
                                                e -> Purged.newBuilder(e)
                                                        .setStartOffset(90L)
                                                        .build()),
                                e -> e.setStartOffset(99L))),
                breach("claims-agree", "one slot and generation", andAnother(oneSlotFile(), e -> e.setSlot(9))),
                breach("set-aside-held", "erased while brokers serve it", setAside(PurgeLevel.UNREACHABLE)),
                breach(
                        "purge-evidence",
                        "cells' word for a key in a slot file",
                        delivered()
                                .change(
                                        CustodyExamined.class,
                                        e -> CustodyExamined.newBuilder(e)
                                                .setSlotFile(SLOT_FILE)
                                                .build())
                                .change(
                                        Purged.class,
                                        e -> Purged.newBuilder(e)
                                                .setInstance(
                                                        Life.examined(RECEIVED).getInstance())
                                                .setReadBack(ReadBack.CELLS)
                                                .build())),
                breach(
                        "purge-evidence",
                        "an unreadable record that is said to be unreachable",
                        delivered()
                                .without(Assigned.class)
                                .without(AttemptMade.class)
                                .without(Delivered.class)
                                .change(
                                        Purged.class,
                                        e -> Purged.newBuilder(e)
                                                .setReason(PurgeReason.INVALID)
                                                .build())),
                breach(
                        "accepted-seen",
                        "unreadable, although a router finished it",
                        delivered()
                                .without(Delivered.class)
                                .write(finished(RecordEnd.ENDED, LIFE.id()))
                                .change(Purged.class, e -> LIFE.purged(PurgeReason.INVALID, 230))),
                breach("suspension-published", "no suspension published", passedOver()),
                breach("suspension-published", "only later", passedOver().write(suspended(RECEIVED.plusSeconds(120)))),
                breach(
                        "suspension-published",
                        "it was over",
                        passedOver().write(suspended(HOUR_BEFORE), resumed(RECEIVED.minusSeconds(600)))),
                breach(
                        "release-proven",
                        "an attempt in the middle is missing",
                        neverSent().without(AttemptMade.class)),
                breach(
                        "accepted-by-status",
                        "a refusal taken for an acceptance",
                        delivered()
                                .change(
                                        Delivered.class,
                                        e -> Delivered.newBuilder(e)
                                                .setStatus(422)
                                                .build())),
                breach(
                        "inputs-as-consented",
                        "another country",
                        delivered()
                                .change(
                                        ConsentGranted.class,
                                        e -> ConsentGranted.newBuilder(e)
                                                .setJurisdiction("SE")
                                                .build())),
                breach(
                        "inputs-as-consented",
                        "more recipients than decisions were made for",
                        published()
                                .write(
                                        LIFE.granted(),
                                        LIFE.assigned(FJORD, 0, 10),
                                        LIFE.delivered(FJORD, 2, 200),
                                        LIFE.purged(PurgeReason.DELIVERED, 230))
                                .change(
                                        ConsentGranted.class,
                                        e -> ConsentGranted.newBuilder(e)
                                                .setRecipients(List.of(FJORD, NORDLYS, "third"))
                                                .build())),
                breach(
                        "policy-published",
                        "a text in another language",
                        delivered()
                                .change(
                                        ConsentGranted.class,
                                        e -> ConsentGranted.newBuilder(e)
                                                .setLanguage("en")
                                                .build())));
    }

    /** A third signup, two hours later, with this place and start of the log. */
    private static SpecificRecord[] third(long offset, long start) {
        Life life = new Life(new UUID(7, 11), 0, RECEIVED.plusSeconds(30));
        return new SpecificRecord[] {
            life.granted(),
            life.assigned(FJORD, 0, 10),
            life.delivered(FJORD, 1, 20),
            Purged.newBuilder(life.purged(PurgeReason.DELIVERED, 7200_000))
                    .setOffset(offset)
                    .setStartOffset(start)
                    .build()
        };
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        Verdict verdict = history.verdict(AFTER_THE_HOLD.plus(Duration.ofDays(30)), false);
        assertThat(verdict.brokenRules())
                .as(verdict.render(Verdict.Style.PLAIN))
                .containsExactly(rule);
        assertThat(verdict.violations())
                .allSatisfy(violation -> assertThat(violation.sentence()).isNotBlank());
    }

    @Test
    void a_level_that_the_examination_lists_reasons_against_is_not_believed() {
        History history = delivered()
                .change(
                        CustodyExamined.class,
                        e -> CustodyExamined.newBuilder(e)
                                .setCanary(CanaryOutcome.UNKNOWN)
                                .build());
        assertThat(history.verdict(AFTER_THE_HOLD, false).brokenRules())
                .containsExactlyInAnyOrder("examination-permits", "purge-level-permitted");
    }

    @Test
    void what_honest_logs_hold_breaks_nothing() {
        assertHolds(passedOver().write(suspended(RECEIVED.plusSeconds(60))));
        assertHolds(passedOver().write(suspended(RECEIVED.minusSeconds(30)), resumed(RECEIVED.minusSeconds(20))));
        assertHolds(passedOver().write(suspended(HOUR_BEFORE)));
        assertHolds(passedOver()
                .write(
                        suspended(HOUR_BEFORE),
                        resumed(HOUR_BEFORE.plusSeconds(600)),
                        suspended(RECEIVED.minusSeconds(90))));
        // Logs from before routers accounted for offsets have no suspensions either.
        assertHolds(passedOver().without(RecordsFinished.class));
        assertHolds(neverSent());
        assertHolds(setAside(PurgeLevel.UNREADABLE));
        assertHolds(andAnother(delivered(), e -> {}));
        assertHolds(andAnother(oneSlotFile(), e -> {}));
        // Another slot file, and one restored before a start, count generations again.
        assertHolds(andAnother(delivered(), e -> e.setSlot(9)));
        assertHolds(andAnother(
                oneSlotFile()
                        .write(CustodyExamined.newBuilder(Life.examined(RECEIVED.plusSeconds(1800), PurgeLevel.ERASED))
                                .setSlotFile(SLOT_FILE)
                                .build()),
                e -> e.setSlot(9)));
        // A slot whose key was destroyed by another process, or that custody no longer knows.
        assertHolds(delivered()
                .without(Delivered.class)
                .write(finished(RecordEnd.ENDED, LIFE.id()))
                .change(
                        Purged.class,
                        e -> Purged.newBuilder(LIFE.purged(PurgeReason.INVALID, 230))
                                .setReadBack(ReadBack.UNOBSERVED)
                                .build()));
        assertHolds(assignedTwice()
                .write(
                        LIFE.delivered(NORDLYS, 1, 60),
                        finished(RecordEnd.ENDED, LIFE.id()),
                        LIFE.purged(PurgeReason.DELIVERED, 90)));
        foundByItsRuleOnly(
                "accepted-by-status",
                delivered()
                        .change(
                                Delivered.class,
                                e -> Delivered.newBuilder(e).setStatus(300).build()));
        assertHolds(delivered()
                .change(
                        Delivered.class,
                        e -> Delivered.newBuilder(e).setStatus(409).build()));
    }

    private static void assertHolds(History history) {
        Verdict verdict = history.verdict(AFTER_THE_HOLD.plus(Duration.ofDays(30)), false);
        assertThat(verdict.holds()).as(verdict.render(Verdict.Style.PLAIN)).isTrue();
    }
}
