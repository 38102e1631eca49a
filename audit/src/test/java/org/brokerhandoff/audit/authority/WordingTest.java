package org.brokerhandoff.audit.authority;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.RecipientRole;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsType;
import org.junit.jupiter.api.Test;

class WordingTest {
    private static Properties texts(String language) throws IOException {
        Properties texts = new Properties();
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(WordingTest.class.getResourceAsStream("wording_" + language + ".properties")),
                StandardCharsets.UTF_8)) {
            texts.load(reader);
        }
        return texts;
    }

    @Test
    void every_language_has_every_text_with_the_same_places() throws IOException {
        Properties english = texts("en");
        Pattern place = Pattern.compile("\\{\\d}");
        for (String language : Wording.languages()) {
            Properties texts = texts(language);
            assertThat(texts.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
            for (String key : texts.stringPropertyNames()) {
                assertThat(new TreeSet<>(place.matcher(texts.getProperty(key))
                                .results()
                                .map(r -> r.group())
                                .toList()))
                        .as(language + " " + key)
                        .isEqualTo(new TreeSet<>(place.matcher(english.getProperty(key))
                                .results()
                                .map(r -> r.group())
                                .toList()));
            }
        }
    }

    @Test
    void every_value_that_the_log_may_have_is_named() {
        for (String language : Wording.languages()) {
            Wording words = Wording.in(language).orElseThrow();
            for (DataCategory category : DataCategory.values()) {
                assertThat(words.of(category)).isNotBlank();
            }
            for (RecipientLetter.Outcome outcome : RecipientLetter.Outcome.values()) {
                assertThat(words.of(outcome)).isNotBlank();
            }
            for (PurgeLevel level : PurgeLevel.values()) {
                assertThat(words.of(level)).isNotBlank();
            }
            for (ProcessingRecord.Processing processing : ProcessingRecord.Processing.values()) {
                assertThat(words.of(processing)).isNotBlank();
                for (String about : List.of("ground.", "people.", "categories.")) {
                    assertThat(words.of(about + processing)).isNotBlank();
                }
            }
            for (Class<? extends Enum<?>> kind : List.<Class<? extends Enum<?>>>of(
                    NoticeType.class, RightsType.class, RequestDecision.class, RightsGround.class)) {
                for (Enum<?> value : kind.getEnumConstants()) {
                    assertThat(words.of(value)).isNotBlank();
                }
            }
            for (RecipientRole role : RecipientRole.values()) {
                assertThat(words.of(role)).isNotBlank();
            }
            for (RecipientKind kind : RecipientKind.values()) {
                assertThat(words.of(kind)).isNotBlank();
            }
            for (DocumentKind kind : DocumentKind.values()) {
                assertThat(words.of(kind)).isNotBlank();
            }
            List<Enum<?>> ofDisclosures = new ArrayList<>(List.of(DisclosureRequester.values()));
            ofDisclosures.addAll(List.of(DisclosureBasis.values()));
            ofDisclosures.addAll(List.of(DisclosureScope.values()));
            ofDisclosures.addAll(List.of(DisclosureGround.values()));
            for (Enum<?> value : ofDisclosures) {
                assertThat(words.of(value)).isNotBlank();
            }
            for (RecipientLetter.Outcome outcome : RecipientLetter.Outcome.values()) {
                assertThat(words.of("disclosure.Outcome." + outcome.name())).isNotBlank();
            }
        }
        assertThat(Wording.in("fr")).isEmpty();
    }

    @Test
    void a_value_is_put_in_as_it_is() {
        Wording words = Wording.in("en").orElseThrow();
        assertThat(words.of("radius.still-held", "$1 {0} \\")).startsWith("$1 {0} \\ of these");
    }

    @Test
    void a_country_is_named_with_its_code_and_what_is_none_is_left_as_it_is() {
        assertThat(Wording.in("en").orElseThrow().country("NO")).isEqualTo("Norway (NO)");
        assertThat(Wording.in("nb").orElseThrow().country("NO")).isEqualTo("Norge (NO)");
        assertThat(Wording.in("en").orElseThrow().country("QX")).startsWith("QX");
        assertThat(Wording.in("en").orElseThrow().country("*")).isEqualTo("*");
    }
}
