package org.brokerhandoff.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ContentKindTest {
    @ParameterizedTest
    @EnumSource(
            value = ContentKind.class,
            names = {"PUBLISHED_TEXT"},
            mode = EnumSource.Mode.EXCLUDE)
    void no_kind_but_published_text_has_room_for_a_name_or_an_address(ContentKind kind) {
        assertThat(kind.matches("Kari Nordmann")).isFalse();
        assertThat(kind.matches("kari@example.no")).isFalse();
        assertThat(kind.matches("+4791234567")).isFalse();
        assertThat(kind.matches("")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "BROKER_ID,fjord-markets",
        "POLICY_VERSION,2026-11-01",
        "COUNTRY,NO",
        "COUNTRY_PATTERN,*",
        "COUNTRY_PATTERN,SE",
        "LANGUAGE_TAG,nb",
        "LANGUAGE_TAG,zh-Hant-TW",
        "TRANSFER_BASIS,EEA",
        "TIME_ZONE,Europe/Oslo",
        "OPENING_HOURS,Mon-Fri 08:00-18:00",
        "OPENING_HOURS,'Mon,Wed,Sat-Sun 10:30-24:00'",
        "PUBLISHED_TEXT,Fjord Markets AS"
    })
    void each_kind_takes_what_it_is_for(ContentKind kind, String text) {
        assertThat(kind.matches(text)).isTrue();
    }
}
