package org.brokerhandoff.website.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {
    private static final Pattern PLACE = Pattern.compile("\\{\\w+}");

    @Test
    void both_languages_say_the_same_things_with_the_same_places_to_fill_in() {
        assertThat(Texts.of(Language.NB).keySet())
                .isEqualTo(Texts.of(Language.EN).keySet());
        Texts.of(Language.NB)
                .forEach((key, text) -> assertThat(places(text))
                        .as(key)
                        .isEqualTo(places(Texts.text(Language.EN, key)))
                        .allSatisfy(place -> assertThat(text).isNotBlank()));
    }

    private static List<String> places(String text) {
        return PLACE.matcher(text)
                .results()
                .map(found -> found.group())
                .sorted()
                .toList();
    }

    @Test
    void every_state_purge_and_outcome_that_ingest_names_has_words_in_both_languages() throws JsonProcessingException {
        for (Language language : Language.values()) {
            for (String state :
                    List.of("RECEIVED", "ASSIGNED", "DELIVERED", "WITHDRAWN", "EXPIRED", "UNDELIVERABLE", "NEWER")) {
                for (String more : List.of(
                        "",
                        ",\"purge\":{\"level\":\"ERASED\",\"at\":\"2026-11-01T10:00:00Z\"}",
                        ",\"purge\":{\"level\":\"UNREACHABLE\",\"at\":\"2026-11-01T10:00:00Z\"}",
                        ",\"purge\":{\"level\":\"UNREADABLE\",\"at\":\"2026-11-01T10:00:00Z\"}",
                        ",\"withdrawal\":{\"outcome\":\"ERASED_BEFORE_HANDOFF\",\"at\":\"2026-11-01T10:00:00Z\"}",
                        ",\"withdrawal\":{\"outcome\":\"HANDOFF_STARTED\",\"at\":\"2026-11-01T10:00:00Z\","
                                + "\"notice\":{\"state\":\"PENDING\"}}")) {
                    for (boolean message : new boolean[] {true, false}) {
                        StatusView view = StatusView.of(
                                new ObjectMapper()
                                        .readTree("{\"status\":\"" + state
                                                + "\",\"receivedAt\":\"2026-11-01T09:00:00Z\",\"eraseBy\":\"2026-11-02T09:00:00Z\","
                                                + "\"broker\":{\"name\":\"Fjord\"}" + more + "}"),
                                language,
                                message);
                        assertThat(view.summary().headline()).isNotBlank().doesNotContain("{");
                        assertThat(view.steps()).isNotEmpty();
                    }
                }
            }
        }
    }

    @Test
    void a_status_is_settled_when_the_copy_is_destroyed_and_the_broker_has_confirmed_what_it_was_told()
            throws JsonProcessingException {
        String begin =
                "{\"status\":\"WITHDRAWN\",\"receivedAt\":\"2026-11-01T09:00:00Z\",\"eraseBy\":\"2026-11-02T09:00:00Z\"";
        String purge = ",\"purge\":{\"level\":\"ERASED\",\"at\":\"2026-11-01T10:00:00Z\"}";
        String told =
                ",\"withdrawal\":{\"outcome\":\"HANDOFF_STARTED\",\"at\":\"2026-11-01T10:00:00Z\",\"notice\":{\"state\":\"";
        assertThat(settled(begin + "}")).isFalse();
        assertThat(settled(begin + purge + "}")).isTrue();
        assertThat(settled(begin + purge + told + "PENDING\"}}}")).isFalse();
        assertThat(settled(begin + purge + told + "ESCALATED\"}}}")).isFalse();
        assertThat(settled(begin + purge + told + "CONFIRMED\"}}}")).isTrue();
    }

    private static boolean settled(String status) throws JsonProcessingException {
        return StatusView.of(new ObjectMapper().readTree(status), Language.EN, false)
                .summary()
                .settled();
    }

    @ParameterizedTest
    @CsvSource({
        "fullName, required, Write your full name",
        "recipients, recipients-count, Tick at least one broker",
        "nonsense, nonsense, Something in the form is not right"
    })
    void a_fault_is_said_by_field_and_code_else_by_field_else_in_general(String field, String code, String text) {
        assertThat(Texts.fault(Language.EN, field, code)).isEqualTo(text);
    }

    @Test
    void a_text_is_shown_in_blocks_and_nothing_of_it_as_html() {
        assertThat(DocumentBlock.of("# T\n\nA <b>.\n- one\n- two\n## H\nB.\n- last"))
                .containsExactly(
                        new DocumentBlock("title", List.of("T")),
                        new DocumentBlock("paragraph", List.of("A <b>.")),
                        new DocumentBlock("list", List.of("one", "two")),
                        new DocumentBlock("heading", List.of("H")),
                        new DocumentBlock("paragraph", List.of("B.")),
                        new DocumentBlock("list", List.of("last")));
        assertThat(new PageTemplates()
                        .render(
                                "document",
                                java.util.Map.ofEntries(
                                        java.util.Map.entry("t", Texts.of(Language.EN)),
                                        java.util.Map.entry("lang", "en"),
                                        java.util.Map.entry("otherLang", "nb"),
                                        java.util.Map.entry("page", "privacy"),
                                        java.util.Map.entry("assets", "x"),
                                        java.util.Map.entry("hasErrors", false),
                                        java.util.Map.entry("banner", false),
                                        java.util.Map.entry(
                                                "policy",
                                                new PolicyText(
                                                        "1", "ab", "d", "i", DocumentBlock.of("<script>x</script>"))))))
                .contains("&lt;script&gt;")
                .doesNotContain("<script>x");
    }

    @Test
    void countries_are_in_the_order_of_the_language() {
        List<String> names =
                Countries.of(Language.NB).stream().map(Countries.Country::name).toList();
        assertThat(names).contains("Norge", "Østerrike", "Åland").hasSizeGreaterThan(200);
        assertThat(names.indexOf("Østerrike")).isGreaterThan(names.indexOf("Zimbabwe"));
    }
}
