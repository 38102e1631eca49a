package org.brokerhandoff.audit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.report.SampleFigures.id;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.audit.verify.LogRead;
import org.brokerhandoff.audit.verify.Rules;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.audit.verify.Violation;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

class ReportDocumentTest {
    static Verdict verdict(List<Violation> violations) {
        return new Verdict(
                Optional.of(new LogRead(
                        "kVx2bXl3Q8ya",
                        "prod-",
                        "0.1.0",
                        List.of(
                                new LogRead.Partition(Topic.CONSENTS, 0, 5021, "aa"),
                                new LogRead.Partition(Topic.HANDOFFS, 0, 15_040, "bb")))),
                SampleFigures.NOW,
                false,
                new Verdict.Counts(
                        6,
                        35_123,
                        2,
                        5020,
                        0,
                        5004,
                        4,
                        15,
                        3,
                        2,
                        Map.of(PurgeReason.DELIVERED, 5000L),
                        Map.of(PurgeLevel.ERASED, 5000L),
                        Map.of(),
                        1,
                        1),
                List.of(),
                violations,
                Map.of());
    }

    static List<Violation> violations() {
        List<Violation> violations = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            violations.add(new Violation(
                    "purged-in-time",
                    Optional.of(id(i)),
                    Optional.empty(),
                    "it is not purged, and was <promised> to be"));
        }
        violations.add(
                new Violation("record-exact", Optional.empty(), Optional.of("handoffs-3@1042"), "an unknown header"));
        return violations;
    }

    static Optional<Checkpoint> checkpoint(Optional<Judgement> judged) {
        return Optional.of(new Checkpoint(
                "handoff.example.org/prod/ledger/1",
                1235,
                SampleFigures.NOW.minusSeconds(40),
                "V8K9aklZ4EPB+RMOk1/8VsJUdFZR77GDtZUQq84vSbo=",
                List.of("handoff.example.org/prod/ledger/1 c9a1f03e", "witness.example.net/w1 4d3e2a11"),
                judged));
    }

    static String page(List<Violation> violations, String language) {
        return new ReportDocument(
                        verdict(violations),
                        SampleFigures.many(),
                        checkpoint(Optional.empty()),
                        Wording.in(language).orElseThrow())
                .html();
    }

    @Test
    void the_verdict_comes_first_with_range_checkpoint_clock_and_keys() {
        String page = page(List.of(), "en");
        assertThat(page)
                .contains("All " + Rules.ALL.size() + " rules hold")
                .contains("35,123 events were read, in 6 partitions")
                .contains("c9a1f03e")
                .contains("2026-11-28 13:00:00 UTC")
                .contains(verdict(List.of()).read().orElseThrow().digest())
                .doesNotContain("id=\"findings\"");
        assertThat(page.indexOf("rules hold")).isLessThan(page.indexOf("id=\"promises\""));
    }

    @Test
    void signatures_of_the_checkpoint_are_verified_where_the_auditor_says_by_whom() {
        assertThat(page(List.of(), "en")).contains("listed, not verified");
        var head = new org.brokerhandoff.ledger.note.Checkpoint("handoff.example.org/prod/ledger/1", 1235, Hash.ZERO);
        assertThat(judged(new Judgement.Accepted(head, Judgement.Level.SIGNED, Map.of())))
                .contains("verified</span> The ledger signed it. No witness confirms")
                .doesNotContain("listed, not verified");
        assertThat(judged(new Judgement.Accepted(head, Judgement.Level.WITNESSED, Map.of())))
                .contains("badge good", "was shown no other.");
        assertThat(judged(new Judgement.Rejected("the signature by the log's key is wrong")))
                .contains("badge bad", "not accepted</span> the signature by the log&#39;s key is wrong");
        assertThat(judged(new Judgement.Undecided("it has a kind of key that this JVM does not know")))
                .contains("not decided</span> it has a kind");
    }

    private static String judged(Judgement judgement) {
        return new ReportDocument(
                        verdict(List.of()),
                        SampleFigures.many(),
                        checkpoint(Optional.of(judgement)),
                        Wording.in("en").orElseThrow())
                .html();
    }

    @Test
    void every_promise_has_a_row_in_each_language() {
        for (String language : Wording.languages()) {
            String page = page(List.of(), language);
            for (String promise : Promises.all()) {
                assertThat(page).contains("<th scope=\"row\" role=\"rowheader\"><span>" + promise + "</span></th>");
            }
        }
        assertThat(page(List.of(), "nb")).contains("Erklæringen sier").contains("5\u00a0021");
    }

    @Test
    void a_promise_is_broken_where_a_rule_on_it_is_and_the_violations_are_named_up_to_a_bound() {
        String page = page(violations(), "en");
        String row = page.substring(page.indexOf("<span>P9</span>"), page.indexOf("<span>P10</span>"));
        assertThat(row).contains("broken, 31 times").contains("href=\"#rule-purged-in-time\"");
        assertThat(page)
                .contains("2 of " + Rules.ALL.size() + " rules do not hold")
                .contains("id=\"rule-purged-in-time\"")
                .contains("handoffs-3@1042")
                .contains("and 5 more")
                .contains("was &lt;promised&gt; to be");
        assertThat(page.indexOf("<span>P2</span>")).isPositive();
        String kept = page.substring(page.indexOf("<span>P2</span>"), page.indexOf("<span>P3</span>"));
        assertThat(kept).contains("holds").doesNotContain("broken");
        assertThat(page.substring(page.indexOf("<span>P1</span>"), page.indexOf("<span>P2</span>")))
                .contains("not in the log");
    }

    @Test
    void every_link_of_the_page_leads_somewhere_in_it_and_every_id_stands_there_once() {
        String page = page(violations(), "en");
        List<String> ids = Pattern.compile(" id=\"([^\"]+)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(ids).doesNotHaveDuplicates().contains("ids-1");
        assertThat(Pattern.compile("href=\"([^\"]+)\"").matcher(page).results().map(found -> found.group(1)))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(ids).contains(target.substring(1)));
        assertThat(page).doesNotContain("<script").doesNotContain("://").doesNotContain("style=\"");
    }

    @Test
    void the_page_stays_small_however_many_signups_there_are() {
        Figures figures = SampleFigures.many();
        int before = html(figures).length();
        for (int i = 0; i < 50_000; i++) {
            figures.judged(SampleFigures.delivered(
                    id(1_000_000 + i), "NO", "fjord-markets", java.time.Duration.ofSeconds(30)));
        }
        assertThat(html(figures).length()).isLessThan(before + 500).isLessThan(250_000);
    }

    private static String html(Figures figures) {
        return new ReportDocument(
                        verdict(List.of()),
                        figures,
                        Optional.empty(),
                        Wording.in("en").orElseThrow())
                .html();
    }

    @Test
    void an_empty_log_has_a_report_too() {
        String page = new ReportDocument(
                        verdict(List.of()),
                        new Figures(SampleFigures.NOW),
                        Optional.empty(),
                        Wording.in("en").orElseThrow())
                .html();
        assertThat(page)
                .contains("Nothing is held")
                .contains("No canary was sent.")
                .contains("The log names no recipient yet.")
                .contains("There is no ledger")
                .contains("Operator not published");
    }

    @Test
    void every_language_has_every_text_with_the_same_places() throws IOException {
        Properties english = texts("en");
        Pattern place = Pattern.compile("\\{\\d}");
        for (String language : Wording.languages()) {
            Properties texts = texts(language);
            assertThat(texts.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
            for (String key : texts.stringPropertyNames()) {
                assertThat(places(place, texts.getProperty(key)))
                        .as(language + " " + key)
                        .isEqualTo(places(place, english.getProperty(key)));
            }
            assertThat(texts.stringPropertyNames())
                    .containsAll(Stream.of(ExclusionReason.values())
                            .map(reason -> "ExclusionReason." + reason)
                            .toList());
        }
    }

    @Test
    void what_a_canary_found_is_shown_with_its_signup() {
        Figures figures = new Figures(SampleFigures.NOW);
        figures.read(Records.of(
                Topic.PURGES,
                0,
                org.brokerhandoff.audit.canary.Canaries.checked(
                        SignupIds.fixed(id(7)), SampleFigures.NOW, CanaryVerdict.FOUND, to -> to.setFindings(2))));
        for (String language : Wording.languages()) {
            String page = new ReportDocument(
                            verdict(List.of()),
                            figures,
                            Optional.empty(),
                            Wording.in(language).orElseThrow())
                    .html();
            assertThat(page)
                    .contains(language.equals("nb") ? "noe ble funnet" : "Retention canaries", id(7).toString())
                    .contains("badge bad");
        }
    }

    private static Set<String> places(Pattern place, String text) {
        return new TreeSet<>(place.matcher(text).results().map(r -> r.group()).toList());
    }

    private static Properties texts(String language) throws IOException {
        Properties texts = new Properties();
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(
                        ReportDocumentTest.class.getResourceAsStream("words_" + language + ".properties")),
                StandardCharsets.UTF_8)) {
            texts.load(reader);
        }
        return texts;
    }
}
