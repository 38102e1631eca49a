package org.brokerhandoff.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTagsTest {
    @ParameterizedTest
    @CsvSource({
        "nb, nb",
        "NB, nb",
        "nb-no, nb-NO",
        "no, nb",
        "no-NO, nb-NO",
        "nor, nb",
        "nob, nb",
        "nn, nn",
        "iw, he",
        "he-IL, he-IL",
        "iw-IL, he-IL",
        "in, id",
        "ji, yi",
        "jw, jv",
        "mo, ro",
        "deu, de",
        "eng-GB, en-GB",
        "zh-hant-tw, zh-Hant-TW",
        "zh-HANS, zh-Hans",
        "sr-Latn, sr-Latn",
        "es-419, es-419",
        "fil, fil",
        "smj-NO, smj-NO",
        "csb, csb",
        "fkv-NO, fkv-NO",
        "haw-US, haw-US",
        "az-Cyrl-AZ, az-Cyrl-AZ",
        "nb-x-kari-nordmann, nb",
        "nb-NO-x-91234567, nb-NO",
        "nb-u-ca-gregory-x-kari, nb",
        "de-CH-1901, de-CH",
        "sl-rozaj-biske, sl",
        "en-UK, en",
        "nb-Kari, nb",
        "nb-123, nb",
        "en-US-u-va-posix, en-US"
    })
    void a_tag_is_reduced_to_known_language_script_and_region_in_one_form(String tag, String expected) {
        assertThat(LanguageTags.canonical(tag)).hasValue(expected);
        assertThat(LanguageTags.canonical(expected)).hasValue(expected);
        assertThat(LanguageTags.reduced(expected)).isTrue();
        assertThat(ContentKind.LANGUAGE_TAG.matches(expected)).isTrue();
        assertThat(LanguageTags.same(tag, expected)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n",
                "x-pirate",
                "x-kari-nordmann",
                "und",
                "kari",
                "nordmann",
                "kri-Nord-man",
                "qaa",
                "zzz",
                "nb_NO",
                "nb-",
                "en-a",
                "norsk bokmål",
                "nb-x-",
                "4791234567",
                "nb-NO-x-kari-nordmann-4791234567-and-more",
                "n\u0000b",
                "ｎｂ"
            })
    void what_names_no_known_language_has_no_form(String tag) {
        assertThat(LanguageTags.canonical(tag)).isEmpty();
        assertThat(ContentKind.LANGUAGE_TAG.matches(tag)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nb-x-kari", "NB", "nb-no", "de-CH-1901", "nb-Kari", "nb-KN", "nb-999", "nb-u-ca-gregory"})
    void no_kept_topic_takes_another_form(String tag) {
        assertThat(ContentKind.LANGUAGE_TAG.matches(tag)).isEqualTo(tag.equals("nb-KN"));
    }

    @Test
    void website_and_directory_mean_the_same_language_by_whatever_name() {
        assertThat(LanguageTags.language("no-NO")).isEqualTo(LanguageTags.language("NB"));
        assertThat(LanguageTags.language("iw")).isEqualTo(LanguageTags.language("he-IL"));
        assertThat(LanguageTags.language("nn")).isNotEqualTo(LanguageTags.language("nb"));
    }
}
