package org.brokerhandoff.operations.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictYamlTest {
    private static YamlReading read(String text) {
        return StrictYaml.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(String text) {
        YamlReading reading = read(text);
        assertThat(reading.problems()).isEmpty();
        return reading.root().toString();
    }

    @Test
    void what_is_plain_is_read_as_it_is_written() {
        assertThat(json("""
                ---
                # a comment
                brokers:
                  - id: fjord   # another
                    countries: [NO, SE, "DK"]
                    transferBasis: {default: EEA, NO: EEA}
                    languages: [no, 'nb']
                    caps: {hourly: 100, least: -1}
                    weight: 0
                    share: 1.50
                    local: false
                    ping: true
                    hours: Mon-Fri 08:00-18:00
                    endpoint: https://a.example:8443/x?y=z#w
                    words: [yes, no, on, off, y, Y, N, 24x7, 1.2.3, -, NaN, "", "010", "~", 'true']
                ...
                """))
                .isEqualTo("{\"brokers\":[{\"id\":\"fjord\",\"countries\":[\"NO\",\"SE\",\"DK\"],"
                        + "\"transferBasis\":{\"default\":\"EEA\",\"NO\":\"EEA\"},\"languages\":[\"no\",\"nb\"],"
                        + "\"caps\":{\"hourly\":100,\"least\":-1},\"weight\":0,\"share\":1.50,\"local\":false,"
                        + "\"ping\":true,\"hours\":\"Mon-Fri 08:00-18:00\","
                        + "\"endpoint\":\"https://a.example:8443/x?y=z#w\","
                        + "\"words\":[\"yes\",\"no\",\"on\",\"off\",\"y\",\"Y\",\"N\",\"24x7\",\"1.2.3\",\"-\",\"NaN\",\"\","
                        + "\"010\",\"~\",\"true\"]}]}");
    }

    @Test
    void line_ends_may_be_those_of_windows() {
        assertThat(json("a: 1\r\nb: two\r\n")).isEqualTo("{\"a\":1,\"b\":\"two\"}");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("a: &x 1\nb: 2\n", 1, "/a"),
                Arguments.of("b: 2\na: &x [1]\n", 2, "/a"),
                Arguments.of("a: 1\nb: *x\n", 2, "/b"),
                Arguments.of("a: 1\nb: [2, *x]\n", 2, "/b/1"),
                Arguments.of("a: {b: 1}\nc:\n  <<: {b: 1}\n", 3, "/c"),
                Arguments.of("a: !!str 10\n", 1, "/a"),
                Arguments.of("a:\n  b: !!binary aGVsbG8=\n", 2, "/a/b"),
                Arguments.of("a: !own {b: 1}\n", 1, "/a"),
                Arguments.of("a: ! b\n", 1, "/a"),
                Arguments.of("!!str a: b\n", 1, ""),
                Arguments.of("&x a: b\n", 1, ""),
                Arguments.of("%YAML 1.1\n---\na: 1\n", 1, ""),
                Arguments.of("%TAG !e! tag:example.org,2026:\n---\na: 1\n", 1, ""),
                Arguments.of("a: 1\n---\nb: 2\n", 2, ""),
                Arguments.of("a: 1\n...\n---\n", 3, ""),
                Arguments.of("a: 1\nb: 2\na: 3\n", 3, "/a"),
                Arguments.of("a: 1\n\"a\": 3\n", 2, "/a"),
                Arguments.of("x:\n - {a: 1, a: 1}\n", 2, "/x/0/a"),
                Arguments.of("a: 010\n", 1, "/a"),
                Arguments.of("a: 08\n", 1, "/a"),
                Arguments.of("a: 0o17\n", 1, "/a"),
                Arguments.of("a: 0x1F\n", 1, "/a"),
                Arguments.of("a: 0b11\n", 1, "/a"),
                Arguments.of("a: 1_000\n", 1, "/a"),
                Arguments.of("a: 12:30\n", 1, "/a"),
                Arguments.of("a: 1:02:03.5\n", 1, "/a"),
                Arguments.of("a: +5\n", 1, "/a"),
                Arguments.of("a: -0\n", 1, "/a"),
                Arguments.of("a: 1e3\n", 1, "/a"),
                Arguments.of("a: 1.\n", 1, "/a"),
                Arguments.of("a: .5\n", 1, "/a"),
                Arguments.of("a: 1" + "0".repeat(50) + "\n", 1, "/a"),
                Arguments.of("a: .inf\n", 1, "/a"),
                Arguments.of("a: -.INF\n", 1, "/a"),
                Arguments.of("a: .NaN\n", 1, "/a"),
                Arguments.of("a: ~\n", 1, "/a"),
                Arguments.of("a: null\n", 1, "/a"),
                Arguments.of("a: Null\n", 1, "/a"),
                Arguments.of("a:\nb: 1\n", 1, "/a"),
                Arguments.of("a: [1, ~]\n", 1, "/a/1"),
                Arguments.of("{a, b: 1}\n", 1, "/a"),
                Arguments.of("a: True\n", 1, "/a"),
                Arguments.of("a: FALSE\n", 1, "/a"),
                Arguments.of("a: 2026-11-28\n", 1, "/a"),
                Arguments.of("a: 2026-11-28T12:00:00Z\n", 1, "/a"),
                Arguments.of("a: 2026-1-2 03:04:05 +1\n", 1, "/a"),
                Arguments.of("a: |\n  text\n", 1, "/a"),
                Arguments.of("a: >-\n  text\n", 1, "/a"),
                Arguments.of("a: text\n  that goes on\nb: 1\n", 1, "/a"),
                Arguments.of("a: \"text\n  that goes on\"\n", 1, "/a"),
                Arguments.of("a: \"text \\\n  that goes on\"\n", 1, "/a"),
                Arguments.of("a: \"line\\nend\"\n", 1, "/a"),
                Arguments.of("a: \"nul\\0\"\n", 1, "/a"),
                Arguments.of("a: \"bom\\uFEFF\"\n", 1, "/a"),
                Arguments.of("a: \"half\\uD800\"\n", 1, "/a"),
                Arguments.of("1: a\n", 1, ""),
                Arguments.of("true: a\n", 1, ""),
                Arguments.of("~: a\n", 1, ""),
                Arguments.of(": a\n", 1, ""),
                Arguments.of("[a, b]: c\n", 1, ""),
                Arguments.of("? {a: b}\n: c\n", 1, ""),
                Arguments.of("a: 1\n? [x]\n", 2, ""),
                Arguments.of("a:\n\t- b\n", 2, ""),
                Arguments.of("a: b\tc\n", 1, ""),
                Arguments.of("a: b # c\td\n", 1, ""),
                Arguments.of("\uFEFFa: b\n", 1, ""),
                Arguments.of("a: b\n\uFEFF\nc: d\n", 2, ""),
                Arguments.of("a: b\rc: d\n", 1, ""),
                Arguments.of("a: b\u2028c: d\n", 1, ""),
                Arguments.of("a: b\u0085c: d\n", 1, ""),
                Arguments.of("a: 1\nb: \u0007\n", 2, ""),
                Arguments.of("a: 1\nb: [1, 2\nc: 3\n", 2, "/b/1"),
                Arguments.of("a: 1\n b: 2\n", 1, "/a"),
                Arguments.of("a: 1\n}\n", 2, ""),
                Arguments.of("a: @x\n", 1, ""),
                Arguments.of("a: 'x\n", 2, ""),
                Arguments.of("", 1, ""),
                Arguments.of("# only a comment\n", 1, ""),
                Arguments.of("[".repeat(100_000), 1, "/0".repeat(16)),
                Arguments.of("a: ".repeat(1) + "{a: ".repeat(100_000), 1, "/a".repeat(16)),
                Arguments.of("a: " + "x".repeat(StrictYaml.MOST_BYTES), 1, ""));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void what_readers_take_differently_is_refused_with_its_line(String text, int line, String place) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            YamlReading reading = read(text);
            assertThat(reading.problems()).as(reading.problems().toString()).isNotEmpty();
            assertThat(reading.problems().get(0).line()).isEqualTo(line);
            assertThat(reading.problems().get(0).place()).isEqualTo(place);
        });
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused_with_their_line() {
        for (byte[] wrong : List.of(
                "a: 1\nb: \u00e6\n".getBytes(StandardCharsets.ISO_8859_1),
                new byte[] {'a', ':', ' ', '1', '\n', (byte) 0xC3},
                new byte[] {'a', ':', ' ', '1', '\n', (byte) 0xED, (byte) 0xA0, (byte) 0x80},
                new byte[] {'a', ':', ' ', '1', '\n', (byte) 0xC0, (byte) 0x80})) {
            assertThat(StrictYaml.read(wrong).problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.line()).isEqualTo(2));
        }
        assertThat(StrictYaml.read("a: 1\n".getBytes(StandardCharsets.UTF_16)).problems())
                .isNotEmpty();
    }

    @Test
    void all_problems_are_found_at_once_and_what_is_right_is_read_in_spite_of_them() {
        YamlReading reading = read("a: &x 1\nb: *x\nc: 010\nd: fine\nd: twice\ne: !!str 1\n---\nf: 1\n");
        assertThat(reading.problems()).extracting(YamlProblem::line).containsExactly(1, 2, 3, 5, 6, 7);
        assertThat(reading.root().path("d").textValue()).isEqualTo("fine");
        assertThat(reading.lineOf("/d")).isEqualTo(4);
        assertThat(reading.lineOf("/d/none/such")).isEqualTo(4);
    }

    @Test
    void problems_are_bounded_in_number() {
        assertThat(read("- ~\n".repeat(100_000)).problems()).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SECRET: 010",
                "SECRET: {a: ~}",
                "a: *SECRET",
                "a: &SECRET 1",
                "a: !SECRET 1",
                "!<SECRET> a: 1",
                "%SECRET 1\n---\na: 1",
                "a: 'SECRET",
                "a: \"\\SECRET\"",
                "a: [SECRET",
                "a: SECRET: b",
                "SECRET: 1\nSECRET: 2",
                "%TAG !e! SECRET\n---\na: !e!x 1",
                "a: SECRET\n  SECRET",
                "a: |SECRET\n",
            })
    void no_problem_shows_a_value_or_a_name_that_may_be_one(String text) {
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLTvHAAAA";
        YamlReading reading = read(text.replace("SECRET", secret));
        assertThat(reading.problems()).isNotEmpty();
        assertThat(reading.problems().toString()).doesNotContain("MfKQ");
    }

    @Test
    void no_text_makes_it_throw() {
        String valid = "a:\n  - {b: [1, 'x', \"y\"], c: true}\n  - d: e\n";
        Random random = new Random(7);
        for (int run = 0; run < 20_000; run++) {
            StringBuilder text = new StringBuilder(valid);
            for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "{}[]:,&*!|>'\"%@`\t\n- ~?#<".charAt(random.nextInt(24)));
                    default -> text.setCharAt(at, (char) random.nextInt(0x100));
                }
            }
            YamlReading reading = read(text.toString());
            assertThat(reading.problems().isEmpty())
                    .isEqualTo(reading.hasContent() && reading.problems().isEmpty());
        }
    }
}
