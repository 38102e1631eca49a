package org.brokerhandoff.quickstart.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.sample.SamplePerson;
import org.junit.jupiter.api.Test;

class SampleDocumentTest {
    @Test
    void there_is_a_text_of_each_kind_in_each_language() {
        assertThat(SampleDocument.all())
                .extracting(document -> document.kind() + " " + document.language())
                .containsExactly("privacy nb", "privacy en", "cookies nb", "cookies en");
        assertThat(SampleDocument.all())
                .allSatisfy(
                        document -> assertThat(document.text()).startsWith("# ").hasSizeGreaterThan(500));
    }

    @Test
    void both_languages_say_the_same_things_in_the_same_order() {
        List<SampleDocument> all = SampleDocument.all();
        assertThat(shape(all.get(0))).isEqualTo(shape(all.get(1)));
        assertThat(shape(all.get(2))).isEqualTo(shape(all.get(3)));
    }

    /** Headings, items and paragraphs, without their words. */
    private static List<String> shape(SampleDocument document) {
        return document.text()
                .lines()
                .filter(line -> !line.isEmpty())
                .map(line -> Stream.of("## ", "# ", "- ")
                        .filter(line::startsWith)
                        .findFirst()
                        .orElse("paragraph"))
                .toList();
    }

    @Test
    void every_sample_person_reads_one_of_the_two_languages() {
        assertThat(SamplePeople.first(2_000)
                        .map(SamplePerson::language)
                        .distinct()
                        .toList())
                .hasSizeGreaterThan(10)
                .allMatch(tag -> List.of("nb", "en").contains(SampleDocument.languageFor(tag)));
        assertThat(List.of("nb", "nn-NO", "no", "sv-SE", "da"))
                .allMatch(tag -> SampleDocument.languageFor(tag).equals("nb"));
        assertThat(List.of("en", "de", "fi", "pl"))
                .allMatch(tag -> SampleDocument.languageFor(tag).equals("en"));
    }
}
