package org.brokerhandoff.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Kari Nordmann",
                "Åse Ødegård",
                "Madonna",
                "O'Brien",
                "Jean-Luc d'Ormesson",
                "María José García-Márquez y López",
                "Þórdís Kolbrún R. Gylfadóttir",
                "Nguyễn Thị Minh Khai",
                "王小明",
                "李",
                "田中 花子",
                "김민준",
                "محمد بن سلمان",
                "دانیال می‌رزایی",
                "יוסי כהן",
                "Анна Каренина",
                "Αλέξης Ζορμπάς",
                "अमिताभ बच्चन",
                "க்ஷேமா",
                "ປ້າສຸກ",
                "John Smith 3rd",
                "Martin Luther King, Jr.",
                "X Æ A-12",
                "Ng",
                "Ł. 𠮷田",
                "Wolfeschlegelsteinhausenbergerdorff",
                "Miloš O’Connor"
            })
    void names_that_people_have_are_taken(String name) {
        assertThat(FullName.normalised(name)).hasValue(name);
    }

    @Test
    void a_name_is_composed_and_trimmed() {
        assertThat(FullName.normalised(" \u3000A\u030Ase\u00A0 ")).hasValue("\u00C5se\u00A0".strip());
        assertThat(FullName.normalised("x".repeat(200))).isPresent();
        assertThat(FullName.normalised("𠮷".repeat(200))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "123",
                "--",
                "a\u0000b",
                "a\nb",
                "a\u007f",
                "a\u0085b",
                "a\u2028b",
                "a\u202Eb",
                "a\uD800",
                "a\uFFFF"
            })
    void what_nobody_is_called_is_not(String name) {
        assertThat(FullName.normalised(name)).isEmpty();
    }

    @Test
    void a_name_beyond_200_code_points_is_not_taken() {
        assertThat(FullName.normalised("x".repeat(201))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kari@example.no",
                "kari.nordmann+list@sub.example.co.uk",
                "k@x.io",
                "o'brien@example.ie",
                "!#$%&'*+-/=?^_`{|}~@example.org",
                "\"kari nordmann\"@example.no",
                "\"a\\\"b\"@example.no",
                "\"a@b\"@example.no",
                "kåre@example.no",
                "用户@例子.公司",
                "kari@blåbærsyltetøy.no",
                "kari@xn--blbrsyltety-y8ao3x.no",
                "1234567890@example.com",
                "_@example.com",
                "kari@1a.2b.com"
            })
    void e_mail_addresses_of_the_rfcs_are_taken(String address) {
        assertThat(EmailAddress.valid(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "kari",
                "kari@",
                "@example.no",
                "kari@example",
                "kari@localhost",
                "kari example@example.no",
                ".kari@example.no",
                "kari.@example.no",
                "ka..ri@example.no",
                "kari@example..no",
                "kari@.example.no",
                "kari@example.no.",
                "kari@-example.no",
                "kari@example-.no",
                "kari@exa_mple.no",
                "kari@127.0.0.1",
                "kari@[127.0.0.1]",
                "kari@example.123",
                "a@b@example.no",
                "\"kari@example.no",
                "\"\"@example.no",
                "\"a\"b\"@example.no",
                "\"a\\\"@example.no",
                "kari(comment)@example.no",
                "Kari <kari@example.no>",
                "kari@exa mple.no",
                "kari@example.no\n",
                "ka\u0000ri@example.no",
                "ka\u00A0ri@example.no",
                "ka\uD800ri@example.no"
            })
    void what_is_no_e_mail_address_is_not(String address) {
        assertThat(EmailAddress.valid(address)).isFalse();
    }

    @Test
    void an_e_mail_address_keeps_to_the_lengths() {
        String domain = ("d".repeat(60) + ".").repeat(3) + "no";
        assertThat(EmailAddress.valid("l".repeat(64) + "@" + domain)).isTrue();
        assertThat(EmailAddress.valid("l".repeat(65) + "@" + domain)).isFalse();
        assertThat(EmailAddress.valid("å".repeat(33) + "@example.no")).isFalse();
        assertThat(EmailAddress.valid("l@" + "d".repeat(64) + ".no")).isFalse();
        assertThat(EmailAddress.valid("l".repeat(64) + "@" + ("d".repeat(62) + ".").repeat(3) + "no"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "912 34 567, NO, +4791234567",
        "+47 912 34 567, NO, +4791234567",
        "0047 91234567, NO, +4791234567",
        "+46 70-123 45 67, NO, +46701234567",
        "070-123 45 67, SE, +46701234567",
        "(212) 555-2368, US, +12125552368",
        "06 12 34 56 78, FR, +33612345678",
        "020 7946 0958, GB, +442079460958",
        "+39 06 6982, IT, +39066982"
    })
    void telephone_numbers_come_out_in_e_164(String text, String country, String expected) {
        assertThat(PhoneNumbers.normalised(text, country)).hasValue(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "123, NO",
        "'', NO",
        "nonsense, NO",
        "+47 1, NO",
        "+999 12345678, NO",
        "912345678901234567890, NO",
        "+4791234567 ext. 5, NO",
        "91234567, AQ",
        "1234567890123456789012345678901234567890 1, NO"
    })
    void what_is_no_telephone_number_is_not(String text, String country) {
        assertThat(PhoneNumbers.normalised(text, country)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "nb, nb",
        "NB, nb",
        "nb-no, nb-NO",
        "zh-hant-tw, zh-Hant-TW",
        "de-CH-1901, de-CH-1901",
        "x-pirate, x-pirate"
    })
    void language_tags_are_well_formed(String text, String expected) {
        assertThat(Languages.normalised(text)).hasValue(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n",
                "norsk bokmål",
                "nb_NO",
                "nb-",
                "en-a",
                "englishlanguage",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void what_is_no_language_tag_is_not(String text) {
        assertThat(Languages.normalised(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22T13:00:00Z", "2026-11-22T14:00:00+01:00", "2026-11-22t13:00:00.123456z"})
    void times_of_rfc_3339_are_taken(String text) {
        assertThat(Timestamps.parse(text)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-22",
                "2026-11-22T13:00Z",
                "2026-11-22T13:00:00",
                "2026-02-30T13:00:00Z",
                "22.11.2026 13:00:00 Z",
                "+12026-11-22T13:00:00Z"
            })
    void other_times_are_not(String text) {
        assertThat(Timestamps.parse(text)).isEmpty();
    }

    @Test
    void countries_are_those_of_iso_3166() {
        assertThat(Countries.known("NO")).isTrue();
        assertThat(Countries.known("AQ")).isTrue();
        assertThat(Countries.known("no")).isFalse();
        assertThat(Countries.known("XX")).isFalse();
        assertThat(Countries.known("UK")).isFalse();
        assertThat(Countries.known("NOR")).isFalse();
    }
}
