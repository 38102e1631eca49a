package org.brokerhandoff.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
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
                "Miloš O’Connor",
                "ශ්\u200Dරී ලංකා",
                "അവന്\u200D",
                "葛\uDB40\uDD00城"
            })
    void names_that_people_have_are_taken(String name) {
        assertThat(FullName.normalised(name)).hasValue(name);
    }

    @Test
    void a_name_is_composed_and_trimmed() {
        assertThat(FullName.normalised(" \u3000A\u030Ase\u00A0 ")).hasValue("\u00C5se");
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
                "\uDC00a",
                "a\uFFFF",
                "a\uFDD0",
                "a\uE000",
                "Kari\u200B",
                "Ka\u200Dri",
                "Ka\u200Cri",
                "\u200Dمحمد",
                "م\u200C\u200Cحمد",
                "Ka\u00ADri",
                "\uFEFFKari",
                "Ka\u2060ri",
                "Ka\u200Eri",
                "Ka\u061Cri",
                "Ka\u2066ri",
                "Ka\u034Fri",
                "Ka\uFE0Fri",
                "K\uFFFDre",
                "\u3164",
                "\u115F",
                "\uFFA0",
                "Kari\u2800",
                "Kari\uDB40\uDC41"
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
                "kari@1a.2b.com",
                "Kari@Example.NO",
                "иван.петров@почта.рф",
                "δημήτρης@παράδειγμα.ελ",
                "kari@straße.de",
                "अमित@उदाहरण.भारत",
                "田中ken@例え.jp"
            })
    void e_mail_addresses_of_the_rfcs_are_taken_and_sent_as_they_were_checked(String address) {
        assertThat(EmailAddress.normalised(address)).map(ValuesTest::text).hasValue(address);
    }

    @ParameterizedTest
    @CsvSource({
        "ka\u030Are@example.no, k\u00E5re@example.no",
        "kari@BLÅBÆR.no, kari@blåbær.no",
        "Kåre@bla\u030Ab\u00E6r.no, Kåre@blåbær.no"
    })
    void an_address_beyond_ascii_is_sent_composed_and_with_its_domain_in_lower_case(String address, String sent) {
        assertThat(EmailAddress.normalised(unescaped(address)))
                .map(ValuesTest::text)
                .hasValue(unescaped(sent));
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
                "ka\uD800ri@example.no",
                "\"a\\\u0000b\"@example.no",
                "\"a\tb\"@example.no",
                "kari@example.no\u0000",
                "\uFEFFkari@example.no",
                "kari@example.no\uFEFF",
                "\u0301kari@example.no",
                "kari.\u0301a@example.no",
                "kari@\u0301example.no",
                "ka\u20DDri@example.no",
                "k\u0430ri@example.no",
                "kari@ex\u0430mple.no",
                "kari@examp\u03BBe.no",
                "\uFF4Bari@example.no",
                "kari@\uFF45xample.no",
                "kari\uFF20example.no",
                "kari@example\u3002no",
                "kari@example\uFF0Eno",
                "kari@example\uFF61no",
                "kari@example\u2024no",
                "kari\u3002n@example.no",
                "kari@example\u00A0.no",
                "kari@ex\u00ADample.no",
                "\uD83D\uDCA9@example.no",
                "ka\u3164ri@example.no",
                "ka\uFE0Fri@example.no"
            })
    void what_is_no_e_mail_address_is_not(String address) {
        assertThat(EmailAddress.normalised(address)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00AD, 0x034F, 0x061C, 0x115F, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202E, 0x2028,
                        0x2029,
                0x2060, 0x2063, 0x2066, 0x2069, 0x206A, 0x3000, 0x2003, 0x202F, 0x205F, 0x1680, 0x3164, 0xFE0F, 0xFEFF,
                        0xFFA0,
                0xFFF9, 0xFFFC, 0xFFFD, 0xFFFE, 0xE000, 0xE0041, 0xE0100, 0x1D173, 0x0085, 0x009F, 0x0378, 0xD800
            })
    void nothing_invisible_stands_anywhere_in_an_e_mail_address(int codePoint) {
        String hidden = Character.toString(codePoint);
        for (String address : new String[] {
            "%skari@example.no", "ka%sri@example.no", "kari%s@example.no", "kari@%sexample.no", "kari@exam%sple.no",
            "kari@example%s.no", "kari@example.n%so", "kari@example.no%s", "\"ka%sri\"@example.no", "kå%sre@blåb%sær.no"
        }) {
            assertThat(EmailAddress.normalised(address.replace("%s", hidden))).isEmpty();
        }
    }

    @Test
    void an_e_mail_address_keeps_to_the_lengths() {
        String domain = ("d".repeat(60) + ".").repeat(3) + "no";
        assertThat(EmailAddress.normalised("l".repeat(64) + "@" + domain)).isPresent();
        assertThat(EmailAddress.normalised("l".repeat(65) + "@" + domain)).isEmpty();
        assertThat(EmailAddress.normalised("å".repeat(33) + "@example.no")).isEmpty();
        assertThat(EmailAddress.normalised("l@" + "d".repeat(64) + ".no")).isEmpty();
        assertThat(EmailAddress.normalised("l".repeat(64) + "@" + ("d".repeat(62) + ".").repeat(3) + "no"))
                .isEmpty();
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
        "(+47) 912.34.567, NO, +4791234567",
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
        "+4791234567;ext=5, NO",
        "+4791234567 x5, NO",
        "+4791234567#5, NO",
        "91234567 / 92345678, NO",
        "06 12 34 XX XX, FR",
        "06 12 34 5O 78, FR",
        "1-800-FLOWERS, US",
        "(212) KL5-2368, US",
        "my number is 912 34 567, NO",
        "Kari 91234567, NO",
        "91234567 Kari, NO",
        "tel:+4791234567, NO",
        "91234567;phone-context=+47, NO",
        "９１２３４５６７, NO",
        "٩١٢٣٤٥٦٧, NO",
        "＋4791234567, NO",
        "+47+91234567, NO",
        "912+34567, NO",
        "912\u200B34567, NO",
        "912\u00A034567, NO",
        "912\u201334567, NO",
        "*91234567, NO",
        "+ - ( ), NO",
        "91234567, AQ",
        "1234567890123456789012345678901234567890 1, NO"
    })
    void what_is_no_telephone_number_is_not(String text, String country) {
        assertThat(PhoneNumbers.normalised(unescaped(text), country)).isEmpty();
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

    /** Line sources take no escapes of Java. */
    private static String unescaped(String text) {
        return Pattern.compile("\\\\u([0-9A-F]{4})")
                .matcher(text)
                .replaceAll(code -> Character.toString(Integer.parseInt(code.group(1), 16)));
    }

    private static String text(CharSequence text) {
        return text.toString();
    }
}
