package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.context.ContextCatalog;
import org.brokerhandoff.eventlog.context.ContextSelection;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A log that an operator wrote with false content, and signed: findings of {@code audit verify} about one signup are also found in its
 * evidence alone, which has the signup's events and the selected context.
 */
class EvidenceAuditTest {
    /** These are records of another key, or without one. */
    private static final Set<String> NOT_IN_EVIDENCE = Set.of(
            "an event of another topic",
            "another key",
            "of another signup",
            "the agent's report",
            "of a scan of a broker's files");

    static Stream<Arguments> goodLives() {
        return Stream.of(
                        RulesTest.goodLives(),
                        RequestRulesTest.goodLives(),
                        CorrectionRulesTest.goodLives(),
                        DisclosureRulesTest.goodLives())
                .flatMap(lives -> lives)
                // Its consent is from before routers accounted for records; see below.
                .filter(life -> !life.get()[0].equals("in the last minute of the opening hours"));
    }

    static Stream<Arguments> breaches() {
        Set<String> judged =
                Rules.ALL.stream().filter(EvidenceAudit::judges).map(Rule::code).collect(Collectors.toSet());
        return RulesTest.allBreaches().filter(breach -> judged.contains((String) breach.get()[0]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodLives")
    void evidence_of_a_good_life_holds(String name, Object history) {
        assertThat(found((History) (history instanceof Supplier<?> made ? made.get() : history)))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void what_the_audit_of_the_log_finds_is_found_in_evidence(String rule, String name, History history) {
        List<String> codes = found(history).stream().map(Violation::rule).toList();
        if (NOT_IN_EVIDENCE.contains(name)) {
            assertThat(codes).as("the file does not show that record").doesNotContain(rule);
        } else {
            assertThat(codes).contains(rule);
        }
    }

    @Test
    void a_record_that_an_event_refers_to_and_that_the_file_lacks_counts_as_never_published() {
        List<KeptRecord> log = SampleHistories.delivered().placed();
        List<KeptRecord> events = log.stream()
                .filter(record -> record.keyedSignup()
                        .filter(SampleHistories.LIFE.id()::equals)
                        .isPresent())
                .toList();

        assertThat(EvidenceAudit.violations(
                        SampleHistories.LIFE.id(), 1, events, List.of(), SampleHistories.AFTER_THE_HOLD, Life.CODEC))
                .extracting(Violation::rule)
                .contains("policy-published", "directory-published", "purge-level-permitted");
    }

    @Test
    void what_was_no_broker_when_the_person_consented_is_found_in_evidence_though_no_account_of_records_is_in_it() {
        assertThat(found(HistoriesUnderTerms.inHours(20)))
                .as("a consent to one more broker than the directory has")
                .extracting(Violation::rule)
                .containsExactly("broker-published");
    }

    @Test
    void a_signup_without_purge_is_open_as_of_the_evidence_and_not_as_of_today() {
        History open = SampleHistories.delivered().without(Purged.class);

        assertThat(found(open, SampleHistories.SOON)).isEmpty();
        assertThat(found(open)).extracting(Violation::rule).containsExactly("purged-in-time");
    }

    /** The content of any signup's or visitor's evidence. */
    private static List<Violation> found(History history) {
        return found(history, SampleHistories.AFTER_THE_HOLD);
    }

    private static List<Violation> found(History history, Instant asOf) {
        List<KeptRecord> log = history.placed();
        ContextCatalog catalog = new ContextCatalog();
        for (KeptRecord record : log) {
            record.eventId()
                    .ifPresent(id -> catalog.add(
                            new ContextCatalog.Found(0, record.stored().place(), record.appendedAt(), id)));
        }
        Set<UUID> subjects = new LinkedHashSet<>();
        log.stream()
                .filter(EvidenceAuditTest::indexed)
                .forEach(record -> record.keyedSignup().ifPresent(subjects::add));
        List<Violation> found = new ArrayList<>();
        for (UUID subject : subjects) {
            List<KeptRecord> events = log.stream()
                    .filter(record -> indexed(record)
                            && record.keyedSignup().filter(subject::equals).isPresent())
                    .toList();
            List<KeptRecord> context = new ArrayList<>(log.stream()
                    .filter(record -> !indexed(record)
                            && record.eventId()
                                    .filter(id -> id.startsWith(subject + "/"))
                                    .isPresent())
                    .toList());
            List<ContextSelection.Event> judged = Stream.concat(events.stream(), context.stream())
                    .flatMap(record -> ContextSelection.Event.of(record.stored(), Life.CODEC).stream())
                    .toList();
            ContextSelection.of(judged, catalog, 1)
                    .forEach(chosen -> log.stream()
                            .filter(record -> record.stored().place().equals(chosen.place()))
                            .forEach(context::add));
            found.addAll(EvidenceAudit.violations(subject, 1, events, context, asOf, Life.CODEC));
        }
        return found;
    }

    private static boolean indexed(KeptRecord record) {
        return record.topic() != Topic.PLACES;
    }
}
